import assert from 'node:assert/strict';

const encode = (text) => new TextEncoder().encode(text);

/** In the place of fetch: keeps each call until the test answers it. Time stands still but for {@link pass}. */
export class FakeBroker {
  calls = [];
  #timers;

  constructor(t) {
    this.#timers = t.mock.timers;
    this.#timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_700_000_000_000 });
    t.mock.method(globalThis, 'fetch', (url, init) => this.#call(url, init));
    t.mock.method(Math, 'random', () => 0);
  }

  #call(url, init) {
    return new Promise((resolve, reject) => {
      // quotes the header, as the real one may
      const fail = () => {
        this.calls = this.calls.filter((one) => one !== call);
        reject(new TypeError(`fetch failed: ${init.headers.Authorization}`));
      };
      const call = new Call(String(url), init, resolve, fail);
      this.calls.push(call);
      init.signal.addEventListener('abort', fail);
      if (init.signal.aborted) {
        fail();
      }
    });
  }

  /** The next call that nobody answered; there is exactly one. */
  async call() {
    await settle();
    assert.equal(this.calls.length, 1, 'calls that wait for an answer');
    return this.calls.pop();
  }

  /** Lets time pass until there is one. */
  async nextCall() {
    await settle();
    for (let i = 0; i < 1_000 && this.calls.length === 0; i++) {
      await this.pass(250);
    }
    return this.call();
  }

  async noCall() {
    await settle();
    assert.equal(this.calls.length, 0, 'calls that wait for an answer');
  }

  /** Lets that much time pass, with everything that happens meanwhile. */
  async pass(millis) {
    for (let left = millis; left > 0; left -= 250) {
      await settle();
      this.#timers.tick(Math.min(left, 250));
    }
    await settle();
  }
}

class Call {
  constructor(url, init, resolve, fail) {
    this.url = url;
    this.init = init;
    this.jwt = init.headers.Authorization.replace(/^Bearer /, '');
    this.fail = fail;
    this.answer = (status, body, headers = {}) =>
      resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }));
    this.problem = (status, type, headers) =>
      this.answer(status, { type: `urn:tokenbroker:problem:${type}`, title: 'x' }, headers);
    this.token = (token) => this.answer(200, token, { 'Content-Type': 'application/json' });
    this.open = () => {
      const stream = new FakeStream(init.signal);
      resolve(new Response(stream.body, { headers: { 'Content-Type': 'text/event-stream;charset=UTF-8' } }));
      stream.raw(':open\nretry:2000\n\n');
      return stream;
    };
  }
}

class FakeStream {
  cutOff = false;
  #controller;

  constructor(signal) {
    this.body = new ReadableStream({ start: (controller) => (this.#controller = controller) });
    signal.addEventListener('abort', () => this.cut());
  }

  raw(text) {
    this.#controller.enqueue(encode(text));
  }

  async tell(type, data = {}) {
    this.raw(`event:${type}\ndata:${JSON.stringify(data)}\n\n`);
    await settle();
  }

  end() {
    this.#controller.close();
  }

  cut() {
    if (!this.cutOff) {
      this.cutOff = true;
      try {
        this.#controller.error(new TypeError('terminated'));
      } catch {
        // had ended by itself
      }
    }
  }
}

/** Until nothing happens any more without time. */
export async function settle() {
  for (let i = 0; i < 8; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let tokens = 0;

/** What the broker says of a token that lives that long; the SDK reads `exp`, which has no fractions. */
export function aToken(seconds = 3600) {
  const ends = Math.floor(Date.now() / 1000) + seconds;
  const claims = Buffer.from(JSON.stringify({ exp: ends, jti: ++tokens })).toString('base64url');
  return {
    token: `eyJhbGciOiJSUzI1NiJ9.${claims}.c2VjcmV0`,
    expiresOn: new Date(ends * 1000).toISOString(),
    identityId: '8:acs:x_y',
    scopes: ['chat'],
  };
}

/** The source as an application has it that handles each rejection, if later. */
export function handled(source) {
  const later = (promise) => {
    promise.catch(() => {});
    return promise;
  };
  const refresher = (refresh) => (abortSignal) => later(refresh(abortSignal));
  return {
    close: () => source.close(),
    credentialOptions: (abortSignal) =>
      later(
        source
          .credentialOptions(abortSignal)
          .then((options) => ({ ...options, tokenRefresher: refresher(options.tokenRefresher) })),
      ),
  };
}

/** What became of a promise so far. */
export async function fate(promise) {
  await settle();
  return Promise.race([
    promise.then(
      (value) => ({ value }),
      (error) => ({ error }),
    ),
    new Promise((resolve) => setImmediate(resolve, 'waiting')),
  ]);
}
