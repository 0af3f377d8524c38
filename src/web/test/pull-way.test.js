import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenSource } from '../tokenbroker.js';
import { FakeBroker, aToken, fate, handled } from './fake-broker.js';

function pulling(t, options = {}) {
  const broker = new FakeBroker(t);
  const told = [];
  const source = new TokenSource({
    broker: 'https://broker.example/acs',
    way: 'pull',
    getAccessToken: ({ forceRefresh }) => (forceRefresh ? 'fresh' : 'cached'),
    onToken: () => told.push('token'),
    onSuspended: () => told.push('suspended'),
    onDeleted: () => told.push('deleted'),
    ...options,
  });
  t.after(() => source.close());
  return { broker, source: handled(source), told };
}

/** A credential that has its first token, which lives that long. */
async function begun({ broker, source }, seconds = 3600) {
  const options = source.credentialOptions();
  const token = aToken(seconds);
  (await broker.call()).token(token);
  return { first: token, tokenRefresher: (await options).tokenRefresher };
}

test('nothing is asked until the SDK asks', async (t) => {
  const { broker } = pulling(t);
  await broker.pass(60_000);
  await broker.noCall();
});

test('each time the SDK asks the broker is asked', async (t) => {
  const all = pulling(t, { scopes: ['voip'] });
  const { tokenRefresher } = await begun(all);
  const next = tokenRefresher();
  const call = await all.broker.call();
  assert.equal(call.url, 'https://broker.example/acs/v1/users/me/tokens');
  assert.equal(call.init.method, 'POST');
  assert.equal(call.init.body, '{"scopes":["voip"]}');
  const token = aToken();
  call.token(token);
  assert.equal(await next, token.token);
});

test('those who ask at a time cost one call', async (t) => {
  const { broker, source } = pulling(t);
  const all = [source.credentialOptions(), source.credentialOptions(), source.credentialOptions()];
  const token = aToken();
  (await broker.call()).token(token);
  for (const one of await Promise.all(all)) {
    assert.equal(one.token, token.token);
  }
});

test('the token the SDK has is not given again: the next one is asked for until it comes', async (t) => {
  const all = pulling(t);
  const { first, tokenRefresher } = await begun(all, 40);
  const next = tokenRefresher();
  (await all.broker.call()).token(first);
  await all.broker.pass(19_750);
  await all.broker.noCall();
  await all.broker.pass(250);
  const token = aToken();
  (await all.broker.call()).token(token);
  assert.equal(await next, token.token);
});

test('another credential does not wait until it is time to ask for that one', async (t) => {
  const all = pulling(t);
  const { first, tokenRefresher } = await begun(all, 40);
  const next = tokenRefresher();
  (await all.broker.call()).token(first);
  assert.equal(await fate(next), 'waiting');
  const other = all.source.credentialOptions();
  (await all.broker.call()).token(first);
  assert.equal((await other).token, first.token);
  assert.equal(await fate(next), 'waiting');
});

test('what is held and valid is given where the broker has no answer', async (t) => {
  const all = pulling(t);
  const { first } = await begun(all);
  const other = all.source.credentialOptions();
  (await all.broker.call()).problem(503, 'not-ready', { 'Retry-After': '60' });
  assert.equal((await other).token, first.token);
});

test('an outage is not told while a valid token is held, and the broker is asked again and again', async (t) => {
  const all = pulling(t);
  const { tokenRefresher } = await begun(all, 300);
  const next = tokenRefresher();
  let calls = 0;
  for (let passed = 0; passed < 290_000; passed += 1_000) {
    all.broker.calls.forEach((call) => (calls++, call.fail()));
    await all.broker.pass(1_000);
  }
  assert.equal(await fate(next), 'waiting');
  assert.ok(calls > 8 && calls < 20, `${calls} calls`);
  const token = aToken();
  (await all.broker.nextCall()).token(token);
  assert.equal(await next, token.token);
});

test('Retry-After is obeyed, whoever asks meanwhile', async (t) => {
  const { broker, source } = pulling(t);
  const one = source.credentialOptions();
  (await broker.call()).problem(429, 'too-many-tokens', { 'Retry-After': '12' });
  await broker.pass(6_000);
  const other = source.credentialOptions();
  await broker.pass(5_750);
  await broker.noCall();
  await broker.pass(250);
  const token = aToken();
  (await broker.call()).token(token);
  assert.equal((await one).token, token.token);
  assert.equal((await other).token, token.token);
});

test('a user who is just signing up is waited for, and one who never comes is not for ever', async (t) => {
  const { broker, source } = pulling(t, { patience: 5_000 });
  const options = source.credentialOptions();
  for (let i = 0; i < 5; i++) {
    (await broker.call()).problem(404, 'unknown-user');
    await broker.pass(1_000);
  }
  assert.equal((await fate(options)).error.code, 'unknown-user');
});

test('a suspension is told, and over when the broker has a token again', async (t) => {
  const all = pulling(t);
  const { tokenRefresher } = await begun(all);
  const refused = tokenRefresher();
  (await all.broker.call()).problem(403, 'user-suspended');
  assert.equal((await fate(refused)).error.code, 'suspended');
  const next = tokenRefresher();
  const token = aToken();
  (await all.broker.call()).token(token);
  assert.equal(await next, token.token);
  assert.deepEqual(all.told, ['token', 'suspended', 'token']);
});

test('an unknown user who had a token is deleted', async (t) => {
  const all = pulling(t);
  const { tokenRefresher } = await begun(all);
  const next = tokenRefresher();
  (await all.broker.call()).problem(404, 'unknown-user');
  assert.equal((await fate(next)).error.code, 'deleted');
  assert.deepEqual(all.told, ['token', 'deleted']);
});

test('a refused access token is replaced at once', async (t) => {
  const { broker, source } = pulling(t);
  const options = source.credentialOptions();
  const call = await broker.call();
  assert.equal(call.jwt, 'cached');
  call.problem(401, 'unauthenticated');
  const again = await broker.call();
  assert.equal(again.jwt, 'fresh');
  const token = aToken();
  again.token(token);
  assert.equal((await options).token, token.token);
});

test('a call that hangs is given up and made again', async (t) => {
  const { broker, source } = pulling(t);
  const options = source.credentialOptions();
  await broker.call();
  await broker.pass(15_000);
  const token = aToken();
  (await broker.nextCall()).token(token);
  assert.equal((await options).token, token.token);
});

test('the application may take its time to sign the user in', async (t) => {
  let signIn;
  const { broker, source } = pulling(t, { patience: 600_000, getAccessToken: () => new Promise((resolve) => (signIn = resolve)) });
  const options = source.credentialOptions();
  await broker.pass(120_000);
  signIn('jwt');
  const token = aToken();
  (await broker.call()).token(token);
  assert.equal((await options).token, token.token);
});
