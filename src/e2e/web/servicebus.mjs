// @azure/service-bus, which is not ours, as upstream and as a reader of outcomes:
// --connection --queue --topic --subscription --prefix --users

import { ServiceBusClient } from '@azure/service-bus';
import { randomUUID } from 'node:crypto';
import { options, tell } from './lines.mjs';

const client = new ServiceBusClient(options.connection);
const users = Array.from({ length: Number(options.users) }, (_, i) => `${options.prefix}-${i}`);

const attributes = (subject) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/node',
  type: 'tokenbroker.user.created.v1',
  subject,
});

function binary(user) {
  const event = attributes(user);
  const applicationProperties = Object.fromEntries(
    Object.entries(event).map(([name, value]) => [`cloudEvents_${name}`, value]),
  );
  return { body: Buffer.from('{"scopes":["chat"]}'), contentType: 'application/json', messageId: event.id, applicationProperties };
}

function structured(user) {
  const event = { ...attributes(user), data: { scopes: ['voip'] } };
  return { body: Buffer.from(JSON.stringify(event)), contentType: 'application/cloudevents+json', messageId: event.id };
}

const told = new Map();
const receiver = client.createReceiver(options.topic, options.subscription);
const ended = new Promise((resolve, reject) => {
  receiver.subscribe({
    async processMessage({ messageId, subject, contentType, applicationProperties, body }) {
      if (!subject.startsWith(`${options.prefix}-`) || applicationProperties.cloudEvents_type !== 'tokenbroker.identity.provisioned.v1') return;
      const data = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body;
      const sound = applicationProperties.cloudEvents_id === messageId && data.userId === subject && contentType === 'application/json';
      told.set(messageId, { subject, sound });
      if (new Set([...told.values()].map((one) => one.subject)).size === users.length) resolve();
    },
    processError: async ({ error }) => reject(error),
  });
});

const sender = client.createSender(options.queue);
let batch = await sender.createMessageBatch();
for (const [i, user] of users.entries()) {
  const message = (i % 2 === 0 ? binary : structured)(user);
  if (!batch.tryAddMessage(message)) {
    await sender.sendMessages(batch);
    batch = await sender.createMessageBatch();
    batch.tryAddMessage(message);
  }
}
await sender.sendMessages(batch);
tell('sent', { users: users.length });

await ended;
await receiver.close();
await sender.close();
await client.close();
tell('done', { told: told.size, sound: [...told.values()].every((one) => one.sound) });
