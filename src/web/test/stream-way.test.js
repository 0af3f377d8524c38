import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenSource } from '../tokenbroker.js';
import { FakeBroker, aToken, fate, handled, settle } from './fake-broker.js';

function following(t, options = {}) {
  const broker = new FakeBroker(t);
  const told = [];
  const asked = [];
  const source = new TokenSource({
    broker: 'https://broker.example/',
    scopes: ['chat', 'voip'],
    getAccessToken: ({ forceRefresh }) => {
      asked.push(forceRefresh);
      return `jwt-${asked.length}`;
    },
    onToken: () => told.push('token'),
    onRevoked: ({ reason }) => told.push(`revoked ${reason}`),
    onSuspended: ({ reason }) => told.push(`suspended ${reason}`),
    onDeleted: () => told.push('deleted'),
    onDelayed: ({ expiresOn }) => told.push(`delayed ${expiresOn?.getTime()}`),
    ...options,
  });
  t.after(() => source.close());
  return { broker, source: handled(source), told, asked, real: source };
}

test('the stream is asked for with the access token in its header and nowhere else', async (t) => {
  const { broker } = following(t);
  const call = await broker.call();
  assert.equal(call.url, 'https://broker.example/v1/users/me/tokens/stream?scopes=chat%2Cvoip');
  assert.equal(call.jwt, 'jwt-1');
  assert.equal(call.init.redirect, 'error');
  assert.equal(call.init.cache, 'no-store');
});

test('a credential begins with the token that is pushed first', async (t) => {
  const { broker, source, told } = following(t);
  const options = source.credentialOptions();
  const stream = (await broker.call()).open();
  assert.equal(await fate(options), 'waiting');
  const token = aToken();
  await stream.tell('token', token);
  assert.equal((await options).token, token.token);
  assert.equal((await options).refreshProactively, true);
  assert.deepEqual(told, ['token']);
});

test('a refresher waits for the next token and does not give the one the SDK has', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken());
  const { tokenRefresher } = await source.credentialOptions();
  const next = tokenRefresher();
  assert.equal(await fate(next), 'waiting');
  const second = aToken();
  await stream.tell('token', second);
  assert.equal(await next, second.token);
});

test('each credential has what is held at once', async (t) => {
  const { broker, source } = following(t);
  const token = aToken();
  await (await broker.call()).open().tell('token', token);
  assert.equal((await source.credentialOptions()).token, token.token);
  assert.equal((await source.credentialOptions()).token, token.token);
});

test('while a valid token is held nobody is told of an outage, and after it only when patience ends', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken(600));
  const { tokenRefresher } = await source.credentialOptions();
  stream.cut();
  const next = tokenRefresher();
  const failing = async (millis) => {
    for (let passed = 0; passed < millis; passed += 5_000) {
      broker.calls.forEach((call) => call.fail());
      await broker.pass(5_000);
    }
  };
  await failing(620_000);
  assert.equal(await fate(next), 'waiting');
  await failing(20_000);
  const { error } = await fate(next);
  assert.equal(error.code, 'unavailable');
  assert.match(error.message, /^no token within 30 s: the broker could not be reached$/);
});

test('a device that slept through the end of its token tries before it gives up', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken(600));
  const { tokenRefresher } = await source.credentialOptions();
  t.mock.timers.setTime(Date.now() + 8 * 3_600_000); // the clock goes, timers do not
  const next = tokenRefresher();
  assert.equal(await fate(next), 'waiting');
  await broker.pass(7_500);
  assert.equal(stream.cutOff, true, 'silent for too long');
  const token = aToken();
  await (await broker.call()).open().tell('token', token);
  assert.equal(await next, token.token);
});

test('a broken stream is opened again after its retry, and later each time', async (t) => {
  const { broker } = following(t);
  const stream = (await broker.call()).open();
  await settle();
  stream.cut();
  await broker.pass(1_750);
  await broker.noCall();
  await broker.pass(250);
  (await broker.call()).fail();
  await broker.pass(3_750);
  await broker.noCall();
  await broker.pass(250);
  await broker.call();
});

test('after drain the stream is opened when it was told to be, however much a token is needed', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  stream.raw('event:drain\nretry:7000\ndata:{}\n\n');
  stream.end();
  await settle();
  const next = source.credentialOptions();
  await broker.pass(6_750);
  await broker.noCall();
  await broker.pass(250);
  const token = aToken();
  await (await broker.call()).open().tell('token', token);
  assert.equal((await next).token, token.token);
});

test('Retry-After is obeyed', async (t) => {
  const { broker, source } = following(t);
  (await broker.call()).problem(503, 'not-ready', { 'Retry-After': '9' });
  const options = source.credentialOptions();
  await broker.pass(8_750);
  await broker.noCall();
  await broker.pass(250);
  const token = aToken();
  await (await broker.call()).open().tell('token', token);
  assert.equal((await options).token, token.token);
});

test('who needs a token does not wait for a pause of our own to end', async (t) => {
  const { broker, source } = following(t);
  for (let i = 0; i < 6; i++) {
    (await broker.call()).fail();
    await settle();
    await broker.pass(i < 5 ? 1_000 * 2 ** i : 0);
  }
  await broker.noCall();
  source.credentialOptions().catch(() => {});
  await broker.call();
});

test('after reauth the stream is opened anew with a fresh access token, in good time', async (t) => {
  const { broker, told, asked } = following(t);
  const stream = (await broker.call()).open();
  const token = aToken();
  await stream.tell('token', token);
  await stream.tell('reauth', { expiresOn: new Date(Date.now() + 60_000).toISOString() });
  await broker.noCall();
  await broker.pass(15_000);
  const again = await broker.call();
  assert.equal(stream.cutOff, true);
  assert.equal(again.jwt, 'jwt-2');
  assert.deepEqual(asked, [false, true]);
  await again.open().tell('token', token);
  assert.deepEqual(told, ['token'], 'the same token is no news');
});

test('an access token that is always about to end does not make a storm', async (t) => {
  const { broker, asked } = following(t);
  for (let i = 0; i < 5; i++) {
    const stream = (await broker.call()).open();
    await stream.tell('reauth', { expiresOn: new Date(Date.now() - 5_000).toISOString() });
    await broker.pass(750);
    await broker.noCall();
    await broker.pass(250);
  }
  assert.equal(asked.length, 6);
});

test('a refused access token is replaced at once, and a second refusal waits', async (t) => {
  const { broker, asked } = following(t);
  (await broker.call()).problem(401, 'unauthenticated');
  (await broker.call()).problem(401, 'unauthenticated');
  await broker.noCall();
  await broker.pass(1_000);
  await broker.call();
  assert.deepEqual(asked, [false, true, true]);
});

test('a user who is just signing up is waited for', async (t) => {
  const { broker, source } = following(t);
  const options = source.credentialOptions();
  for (let i = 0; i < 5; i++) {
    (await broker.call()).problem(404, 'unknown-user');
    await broker.pass(1_000);
  }
  const token = aToken();
  await (await broker.call()).open().tell('token', token);
  assert.equal((await options).token, token.token);
});

test('a user who never comes is waited for as long as patience lasts', async (t) => {
  const { broker, source } = following(t, { patience: 10_000 });
  const options = source.credentialOptions();
  for (let i = 0; i < 10; i++) {
    assert.equal(await fate(options), 'waiting');
    (await broker.call()).problem(404, 'unknown-user');
    await broker.pass(1_000);
  }
  const { error } = await fate(options);
  assert.equal(error.code, 'unknown-user');
  assert.equal(error.status, 404);
  assert.match(error.message, /no token within 10 s: the broker does not know the user/);
});

test('revoked tokens are handed out to nobody, and the next one is', async (t) => {
  const { broker, source, told } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken());
  await stream.tell('revoked', { reason: 'sessions-revoked' });
  const options = source.credentialOptions();
  assert.equal(await fate(options), 'waiting');
  const token = aToken();
  await stream.tell('token', token);
  assert.equal((await options).token, token.token);
  assert.deepEqual(told, ['token', 'revoked sessions-revoked', 'token']);
});

test('a suspension is told once, ends every wait, and ends when there is a token again', async (t) => {
  const { broker, source, told } = following(t);
  let stream = (await broker.call()).open();
  await stream.tell('token', aToken());
  const { tokenRefresher } = await source.credentialOptions();
  const next = tokenRefresher();
  await stream.tell('suspended', { reason: 'leave' });
  assert.equal((await fate(next)).error.code, 'suspended');
  assert.equal((await fate(source.credentialOptions())).error.code, 'suspended');
  stream.end();
  await broker.pass(2_000);
  stream = (await broker.call()).open();
  await stream.tell('suspended', { reason: 'leave' });
  const token = aToken();
  await stream.tell('token', token);
  assert.equal(await tokenRefresher(), token.token);
  assert.deepEqual(told, ['token', 'suspended leave', 'token']);
});

test('after a deletion nothing is asked any more', async (t) => {
  const { broker, source, told } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken());
  await stream.tell('deleted');
  stream.end();
  await broker.pass(120_000);
  await broker.noCall();
  assert.equal((await fate(source.credentialOptions())).error.code, 'deleted');
  assert.deepEqual(told, ['token', 'deleted']);
});

test('who was deleted while the stream was away is told so', async (t) => {
  const { broker, told } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('token', aToken());
  stream.cut();
  await broker.pass(2_000);
  (await broker.call()).problem(404, 'unknown-user');
  await broker.pass(60_000);
  await broker.noCall();
  assert.deepEqual(told, ['token', 'deleted']);
});

test('delayed is told with when the held token ends', async (t) => {
  const { broker, told } = following(t);
  const stream = (await broker.call()).open();
  await stream.tell('delayed', {});
  await stream.tell('delayed', { expiresOn: '2026-01-01T00:00:00Z' });
  assert.deepEqual(told, ['delayed undefined', `delayed ${Date.UTC(2026, 0, 1)}`]);
});

test('what waiting cannot help is told at once', async (t) => {
  const { broker, source } = following(t);
  const options = source.credentialOptions();
  (await broker.call()).problem(400, 'invalid-request');
  const { error } = await fate(options);
  assert.equal(error.code, 'refused');
  assert.equal(error.status, 400);
});

test('a token that has ended by this clock is not given to the SDK, and the clock is blamed', async (t) => {
  const { broker, source } = following(t, { patience: 5_000 });
  const options = source.credentialOptions();
  await (await broker.call()).open().tell('token', aToken(-10));
  await broker.pass(2_000);
  await (await broker.call()).open().tell('token', aToken(-10));
  await broker.pass(3_000);
  assert.equal((await fate(options)).error.code, 'clock');
});

test('a token has ended when its own exp says so, as the SDK goes by that', async (t) => {
  const { broker, source } = following(t, { patience: 1_000 });
  const stream = (await broker.call()).open();
  await stream.tell('token', { ...aToken(60), expiresOn: new Date(Date.now() + 3_600_000).toISOString() });
  assert.ok((await fate(source.credentialOptions())).value);
  await broker.pass(60_000);
  const late = source.credentialOptions();
  await broker.pass(1_000);
  assert.equal((await fate(late)).error.code, 'unavailable');
});

test('a silent connection is given up, and a beating one is not', async (t) => {
  const { broker } = following(t);
  const stream = (await broker.call()).open();
  for (let i = 0; i < 10; i++) {
    await broker.pass(15_000);
    stream.raw(':heartbeat\n\n');
  }
  assert.equal(stream.cutOff, false);
  await broker.pass(85_000);
  assert.equal(stream.cutOff, true);
  await broker.call();
});

test('who gives up waiting is let go, with the valid token where there is one', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  const early = new AbortController();
  const without = source.credentialOptions(early.signal);
  early.abort();
  assert.equal((await fate(without)).error.name, 'AbortError');
  const token = aToken();
  await stream.tell('token', token);
  const { tokenRefresher } = await source.credentialOptions();
  const late = new AbortController();
  const next = tokenRefresher(late.signal);
  assert.equal(await fate(next), 'waiting');
  late.abort();
  assert.equal(await next, token.token);
});

test('closed, a source still gives the valid token it has, and then says that it is closed', async (t) => {
  const { broker, source } = following(t);
  const stream = (await broker.call()).open();
  const token = aToken(60);
  await stream.tell('token', token);
  const { tokenRefresher } = await source.credentialOptions();
  const next = tokenRefresher();
  source.close();
  source.close();
  assert.equal(await next, token.token);
  assert.equal(stream.cutOff, true);
  await broker.pass(61_000);
  await broker.noCall();
  assert.equal((await fate(tokenRefresher())).error.code, 'closed');
});

test('no error and no picture of a source shows a token', async (t) => {
  const { inspect } = await import('node:util');
  const secret = 'jwt-secret';
  const errors = [];
  for (const getAccessToken of [
    () => secret,
    () => `${secret}\n`,
    () => Promise.reject(new Error(secret)),
    () => ({ secret }),
  ]) {
    await t.test(String(getAccessToken), async (part) => {
      const { broker, source, real } = following(part, { getAccessToken, patience: 1_000 });
      const options = source.credentialOptions();
      await settle();
      broker.calls.forEach((call) => call.fail());
      await broker.pass(1_000);
      errors.push((await fate(options)).error);
      assert.doesNotMatch(inspect(real, { depth: 9, showHidden: true }), /jwt-secret/);
    });
  }
  await t.test('an answer that is no JSON', async (part) => {
    const { broker, source } = following(part, { getAccessToken: () => secret, patience: 1_000 });
    const options = source.credentialOptions();
    (await broker.call()).open().raw(`event:token\ndata:${secret}\n\n`);
    await broker.pass(1_000);
    errors.push((await fate(options)).error);
  });
  assert.deepEqual(
    errors.map((error) => error.code),
    ['unavailable', 'access-token', 'access-token', 'access-token', 'unavailable'],
  );
  for (const error of errors) {
    assert.equal(error.name, 'TokenBrokerError');
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /jwt-secret/);
  }
});

test('what is set wrongly is named', (t) => {
  const broker = 'https://broker.example';
  const getAccessToken = () => 'x';
  for (const [options, name] of [
    [{ broker: 'broker.example', getAccessToken }, /^broker:/],
    [{ broker: 'ftp://broker.example', getAccessToken }, /^broker:/],
    [{ broker: 'https://me:pw@broker.example', getAccessToken }, /^broker: (?!.*pw)/],
    [{ broker }, /^getAccessToken:/],
    [{ broker, getAccessToken, scopes: 'chat' }, /^scopes:/],
    [{ broker, getAccessToken, way: 'push' }, /^way:/],
    [{ broker, getAccessToken, patience: -1 }, /^patience:/],
  ]) {
    assert.throws(() => new TokenSource(options), (fault) => fault instanceof TypeError && name.test(fault.message));
  }
});
