import { BrokerCalls, TokenBrokerError } from './broker-calls.js';
import { EventStreamParser } from './event-stream.js';
import { TokenHolder } from './token-holder.js';

export { TokenBrokerError };

const FIRST_RETRY = 1_000;
const SHORTEST_RETRY = 500;
const LONGEST_RETRY = 30_000;

/** However long the other side asks for. */
const LONGEST_TOLD = 5 * 60_000;

/** How often somebody is asked for who may be signing up, and for how many attempts. */
const SIGN_UP_RETRY = 1_000;
const SIGN_UP_ATTEMPTS = 30;

/** Longer than the longest heartbeat that can be set; a connection quieter than this is dead. */
const SILENCE = 75_000;
const LOOK = 5_000;

/** What a stream's `reauth` leaves: the old access token lasts for a minute more. */
const REAUTH_AHEAD = 60_000;

/** Between two pulls that brought the same token. */
const SHORTEST_AGAIN = 1_000;
const LONGEST_AGAIN = 60_000;

/** A signed-in user's ACS tokens, valid at every moment: see tokenbroker.d.ts. */
export class TokenSource {
  #calls;
  #holder;
  #pulls;
  #callbacks;
  #told = 'nothing';
  #closing = new AbortController();
  #connection = null;
  #heard = 0;
  #reauth = undefined;
  #retry = FIRST_RETRY;
  #drained = false;
  #failures = 0;
  #pulling = false;
  #rest = null;

  constructor(options) {
    const { broker, getAccessToken, scopes, way = 'stream', patience = 30_000 } = options;
    if (typeof getAccessToken !== 'function') {
      throw new TypeError('getAccessToken: allowed is a function that answers the access token of the user');
    }
    if (scopes !== undefined && !(Array.isArray(scopes) && scopes.length > 0)) {
      throw new TypeError('scopes: allowed is an array of at least one scope, or nothing');
    }
    if (way !== 'stream' && way !== 'pull') {
      throw new TypeError("way: allowed are 'stream' and 'pull'");
    }
    if (!(Number.isFinite(patience) && patience >= 0)) {
      throw new TypeError('patience: allowed are milliseconds from 0 on');
    }
    this.#calls = new BrokerCalls(broker, scopes, getAccessToken);
    this.#holder = new TokenHolder(patience);
    this.#pulls = way === 'pull';
    this.#callbacks = options;
    if (!this.#pulls) {
      this.#follow();
    }
  }

  async credentialOptions(abortSignal) {
    const tokenRefresher = this.tokenRefresher();
    return { token: await tokenRefresher(abortSignal), tokenRefresher, refreshProactively: true };
  }

  tokenRefresher() {
    let last = null; // the SDK has it: to be given it again would make it ask ever more often
    return async (abortSignal) => {
      last = await this.#next(last, abortSignal);
      return last;
    };
  }

  close() {
    if (this.#closing.signal.aborted) {
      return;
    }
    this.#closing.abort();
    this.#connection?.abort();
    clearTimeout(this.#reauth);
    this.#rest?.end();
    this.#holder.close();
  }

  #next(last, abortSignal) {
    if (this.#closing.signal.aborted) {
      return this.#holder.next(last, abortSignal, false);
    }
    if (this.#pulls) {
      // what is held may be void by now, unless the broker itself wants to be left alone
      const asking = this.#wake();
      const next = this.#holder.next(last, abortSignal, asking);
      this.#pull();
      return next;
    }
    if (!this.#holder.hasValid()) {
      this.#wake();
    }
    return this.#holder.next(last, abortSignal, false);
  }

  // ---- the stream way

  async #follow() {
    await null; // so that no callback comes before the constructor is done
    while (this.#goesOn()) {
      let pause;
      try {
        await this.#listen();
        // a broker that shuts down has told each stream a time of its own
        pause = this.#drained ? { millis: this.#retry, own: false } : { millis: spread(this.#retry), own: true };
      } catch (fault) {
        pause = this.#failed(fault);
      }
      const renewing = this.#reauth === null;
      clearTimeout(this.#reauth);
      this.#reauth = undefined;
      if (this.#goesOn() && !renewing) {
        await this.#pause(pause);
      }
    }
  }

  /** Returns when the stream has ended. */
  async #listen() {
    const connection = new AbortController();
    this.#connection = connection;
    this.#drained = false;
    this.#heard = Date.now();
    // by the clock, as timers stand still while a device sleeps
    const watch = setInterval(() => {
      if (Date.now() - this.#heard > SILENCE) {
        connection.abort();
      }
    }, LOOK);
    try {
      const response = await this.#calls.stream(connection.signal);
      await this.#read(response.body.getReader());
    } finally {
      clearInterval(watch);
      connection.abort();
    }
  }

  async #read(reader) {
    const parser = new EventStreamParser();
    for (;;) {
      let part;
      try {
        part = await reader.read();
      } catch {
        throw new TokenBrokerError('unavailable', 'the connection to the broker broke');
      }
      if (part.done) {
        return;
      }
      this.#heard = Date.now();
      for (const event of parser.push(part.value)) {
        this.#on(event);
      }
      this.#retry = Math.min(Math.max(parser.retry ?? this.#retry, SHORTEST_RETRY), LONGEST_TOLD);
    }
  }

  #on({ type, data }) {
    if (!this.#goesOn()) {
      return;
    }
    const body = parsed(data);
    switch (type) {
      case 'token':
        this.#hold(body);
        break;
      case 'revoked':
      case 'suspended':
        this.#void(type, text(body.reason));
        break;
      case 'deleted':
        this.#void('deleted', '');
        break;
      case 'delayed':
        this.#tell('onDelayed', { expiresOn: body.expiresOn ? new Date(body.expiresOn) : null });
        break;
      case 'reauth':
        this.#reauthBefore(Date.parse(body.expiresOn));
        break;
      case 'drain':
        this.#drained = true;
        break;
      default: // what later brokers say besides
    }
    this.#failures = 0;
  }

  /** Comes back with a new access token at some moment well before the old one ends. */
  #reauthBefore(expiresOn) {
    this.#calls.renewAccessToken();
    const left = expiresOn - Date.now();
    const most = Math.min(Number.isFinite(left) ? left : REAUTH_AHEAD, REAUTH_AHEAD) / 2;
    clearTimeout(this.#reauth);
    this.#reauth = setTimeout(
      () => {
        this.#reauth = null;
        this.#connection?.abort();
      },
      Math.max(1_000, most * (0.5 + Math.random() / 2)),
    );
  }

  // ---- the pull way

  /** One at a time, for everybody who waits. */
  async #pull() {
    if (this.#pulling) {
      return;
    }
    this.#pulling = true;
    while (this.#holder.isAwaited() && !this.#closing.signal.aborted) {
      let pause;
      try {
        this.#hold(await this.#calls.token(this.#closing.signal));
        this.#failures = 0;
        const half = this.#holder.left() / 2;
        pause = { millis: Math.min(Math.max(half, SHORTEST_AGAIN), LONGEST_AGAIN), own: true };
      } catch (fault) {
        pause = this.#failed(fault);
      }
      if (this.#holder.isAwaited() && !this.#closing.signal.aborted) {
        await this.#pause(pause);
      }
    }
    this.#pulling = false;
  }

  // ---- both

  #goesOn() {
    return !this.#closing.signal.aborted && this.#told !== 'deleted';
  }

  #hold(body) {
    const isNew = this.#holder.hold(body);
    this.#told = 'token';
    if (isNew) {
      const { expiresOn, identityId, scopes } = body;
      this.#tell('onToken', { expiresOn: new Date(expiresOn), identityId, scopes });
    }
  }

  /** The token that was held is worth nothing any more. */
  #void(what, reason) {
    const before = this.#told;
    this.#told = what;
    if (before !== what) {
      this.#tell(`on${what[0].toUpperCase()}${what.slice(1)}`, { reason });
    }
    this.#holder.drop(
      what === 'revoked' ? null : new TokenBrokerError(what, `the user is ${what}`),
    );
  }

  /** @returns what to wait for before the next attempt */
  #failed(fault) {
    if (this.#closing.signal.aborted) {
      return { millis: 0, own: true };
    }
    const known = fault instanceof TokenBrokerError
      ? fault
      : new TokenBrokerError('unavailable', 'what the broker sent could not be read');
    this.#failures++;
    if (known.code === 'suspended') {
      this.#void('suspended', '');
    } else if (known.code === 'unknown-user' && this.#told !== 'nothing') {
      this.#void('deleted', '');
    } else {
      this.#holder.failed(known);
    }
    const signingUp = known.code === 'unknown-user' && this.#failures <= SIGN_UP_ATTEMPTS;
    const own = signingUp
      ? SIGN_UP_RETRY
      : Math.min(this.#retry * 2 ** Math.min(this.#failures - 1, 10), LONGEST_RETRY);
    const told = Math.min(known.retryAfter ?? 0, LONGEST_TOLD);
    return { millis: Math.max(spread(own), told), own: told === 0 };
  }

  /** @param own whether waiting is our own idea, so that somebody who needs a token may cut it short */
  #pause({ millis, own }) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#rest = null;
        resolve();
      };
      const timer = setTimeout(end, millis);
      this.#rest = { own, end };
    });
  }

  /** @returns whether the broker is asked now, or is being asked */
  #wake() {
    if (this.#rest?.own) {
      this.#rest.end();
    }
    return this.#rest === null;
  }

  /** A callback's failure is the application's, and must not end what is done here. */
  #tell(name, what) {
    const callback = this.#callbacks[name];
    if (callback) {
      try {
        callback(what);
      } catch (fault) {
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }
}

/** Never less, and up to a half more, so that many do not come at a time. */
function spread(millis) {
  return millis * (1 + Math.random() / 2);
}

function parsed(data) {
  try {
    const body = JSON.parse(data);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    throw new TokenBrokerError('unavailable', 'what the broker sent could not be read');
  }
}

function text(value) {
  return typeof value === 'string' ? value : '';
}
