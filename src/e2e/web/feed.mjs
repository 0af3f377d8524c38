// npm's EventSource, which is not ours, on the feed of outcomes: --broker --issuer. Told `pause` and `resume` on stdin.

import { createInterface } from 'node:readline';
import { EventSource } from 'eventsource';
import { accessToken, options, tell } from './lines.mjs';

const TYPES = ['identity.provisioned', 'identity.suspended', 'identity.resumed', 'identity.deleted', 'token.issued', 'tokens.revoked'];

let lastId = '';
let source;

/** With what the standard's EventSource cannot send; an answer other than 200 would end it for good. */
async function authorized(url, init) {
  const jwt = await accessToken('watcher', '&roles=events.read');
  const response = await fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${jwt}` } });
  if (!response.ok) {
    await response.body?.cancel();
    throw new TypeError(`answered ${response.status}`);
  }
  return response;
}

function open() {
  const query = lastId ? `?lastEventId=${encodeURIComponent(lastId)}` : '';
  source = new EventSource(`${options.broker}/v1/token-events${query}`, { fetch: authorized });
  source.onopen = () => tell('open');
  for (const type of TYPES) {
    source.addEventListener(`tokenbroker.${type}.v1`, (message) => {
      lastId = message.lastEventId;
      const { id, subject } = JSON.parse(message.data);
      tell('outcome', { id, type: message.type, user: subject });
    });
  }
  source.addEventListener('gap', (message) => {
    lastId = message.lastEventId;
    tell('gap', JSON.parse(message.data));
  });
  source.addEventListener('drain', () => tell('drain'));
}

open();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'pause') {
    source.close();
    tell('paused');
  } else if (line === 'resume') {
    open();
  }
}
source.close();
