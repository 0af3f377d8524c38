import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TokenSource } from '../tokenbroker.js';
import { aToken } from './fake-broker.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

test('closing ends an open connection, garbage collected or not', { timeout: 20_000 }, async (t) => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`event:token\ndata:${JSON.stringify(aToken())}\n\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const connected = once(server, 'connection');
  const source = new TokenSource({
    broker: `http://127.0.0.1:${server.address().port}`,
    getAccessToken: () => 'jwt',
  });
  await source.credentialOptions();
  const [socket] = await connected;
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }

  const ended = once(socket, 'close');
  source.close();
  await ended;
});
