// KafkaJS, which is not ours, as upstream: --kafka --prefix --users --deleted

import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { options, tell } from './lines.mjs';

const kafka = new Kafka({ clientId: 'upstream', brokers: [options.kafka], logLevel: logLevel.NOTHING });
const users = Array.from({ length: Number(options.users) }, (_, i) => `${options.prefix}-${i}`);

const attributes = (type, subject) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/kafkajs',
  type: `tokenbroker.user.${type}.v1`,
  subject,
});

function binary(type, user) {
  const headers = Object.fromEntries(Object.entries(attributes(type, user)).map(([name, value]) => [`ce_${name}`, value]));
  return { key: user, value: null, headers };
}

function structured(type, user) {
  const value = JSON.stringify(attributes(type, user));
  return { key: user, value, headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' } };
}

const partitions = new Set();
async function write(createPartitioner, type, some) {
  const producer = kafka.producer({ createPartitioner });
  await producer.connect();
  const messages = some.map((user, i) => (i % 2 === 0 ? binary : structured)(type, user));
  const written = await producer.send({ topic: 'user-lifecycle', messages });
  written.forEach(({ partition }) => partitions.add(partition));
  await producer.disconnect();
}

// each of its partitioners, the second of which puts most users elsewhere than Java's does
for (const [round, partitioner] of [Partitioners.DefaultPartitioner, Partitioners.LegacyPartitioner].entries()) {
  const mine = users.filter((_, i) => i % 2 === round);
  await write(partitioner, 'created', mine);
  await write(partitioner, 'deleted', mine.slice(0, Number(options.deleted)));
}
tell('done', { partitions: partitions.size, deleted: users.filter((_, i) => Math.floor(i / 2) < Number(options.deleted)) });
