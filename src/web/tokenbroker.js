import { BrokerCalls, TokenBrokerError } from './broker-calls.js';
import { EventStreamParser } from './event-stream.js';
import { Pauses } from './pauses.js';
import { TokenHolder } from './token-holder.js';

export { TokenBrokerError };

/** Longer than the longest heartbeat that can be set; a connection quieter than this is dead. */
const SILENCE = 75_000;
const LOOK = 5_000;

/** What a stream's `reauth` leaves: the old access token lasts for a minute more. */
const REAUTH_AHEAD = 60_000;

/** Between two pulls that brought the same token. */
const SHORTEST_AGAIN = 1_000;
const LONGEST_AGAIN = 60_000;

/** One connection, which can be ended at any time. */
class Connection {
  #aborting = new AbortController();
  #reader = null;

  get signal() {
    return this.#aborting.signal;
  }

  reads(body) {
    this.#reader = body.getReader();
    return this.#reader;
  }

  /** Node's fetch knows the signal of an answered request weakly, so that aborting alone may do nothing. */
  end() {
    this.#aborting.abort();
    this.#reader?.cancel().catch(() => {});
  }
}

/** A signed-in user's ACS tokens, valid at every moment: see tokenbroker.d.ts. */
export class TokenSource {
  #calls;
  #holder;
  #pauses = new Pauses();
  #pulls;
  #callbacks;
  #told = 'nothing';
  #closing = new AbortController();
  #connection = null;
  #drained = false;
  #reauth = undefined; // null once its time has come
  #pulling = false;

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
    if (!this.#isClosed()) {
      this.#closing.abort();
      this.#connection?.end();
      clearTimeout(this.#reauth);
      this.#pauses.end();
      this.#holder.close();
    }
  }

  #next(last, abortSignal) {
    if (this.#pulls && !this.#isClosed()) {
      // what is held may be void by now, so it is only given where the broker wants to be left alone
      const asking = this.#pauses.cutShort();
      const next = this.#holder.next(last, abortSignal, asking);
      this.#pull();
      return next;
    }
    if (!this.#holder.hasValid()) {
      this.#pauses.cutShort();
    }
    return this.#holder.next(last, abortSignal, false);
  }

  // ---- the stream way

  async #follow() {
    await null; // so that no callback comes before the constructor is done
    while (this.#goesOn()) {
      let fault = null;
      try {
        await this.#listen();
      } catch (thrown) {
        fault = this.#failed(thrown);
      }
      const renewing = this.#reauth === null;
      clearTimeout(this.#reauth);
      this.#reauth = undefined;
      if (this.#goesOn() && !renewing) {
        await this.#betweenStreams(fault);
      }
    }
  }

  #betweenStreams(fault) {
    if (fault !== null) {
      return this.#pauses.afterFailure(fault);
    }
    return this.#drained ? this.#pauses.afterDrain() : this.#pauses.afterEnd();
  }

  /** Returns when the stream has ended. */
  async #listen() {
    const connection = new Connection();
    this.#connection = connection;
    this.#drained = false;
    let heard = Infinity;
    const hear = () => (heard = Date.now());
    // by the clock, as timers stand still while a device sleeps
    const watch = setInterval(() => {
      if (Date.now() - heard > SILENCE) {
        connection.end();
      }
    }, LOOK);
    try {
      const response = await this.#calls.stream(connection.signal, hear);
      await this.#read(connection.reads(response.body), hear);
    } finally {
      clearInterval(watch);
      connection.end();
    }
  }

  async #read(reader, heard) {
    const parser = new EventStreamParser();
    for (;;) {
      const part = await reader.read();
      if (part.done) {
        return;
      }
      heard();
      for (const event of parser.push(part.value)) {
        this.#on(event);
      }
      this.#pauses.told(parser.retry);
    }
  }

  #on({ type, data }) {
    if (!this.#goesOn()) {
      return;
    }
    const body = JSON.parse(data);
    switch (type) {
      case 'token':
        this.#hold(body);
        break;
      case 'revoked':
      case 'suspended':
        this.#void(type, body.reason ?? '');
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
    this.#pauses.succeeded();
  }

  /** Comes back with a new access token at some moment well before the old one ends. */
  #reauthBefore(expiresOn) {
    this.#calls.renewAccessToken();
    const left = expiresOn - Date.now();
    const most = Math.min(Number.isFinite(left) ? left : REAUTH_AHEAD, REAUTH_AHEAD) / 2;
    const comeBack = () => {
      this.#reauth = null;
      this.#connection?.end();
    };
    clearTimeout(this.#reauth);
    this.#reauth = setTimeout(comeBack, Math.max(1_000, most * (0.5 + Math.random() / 2)));
  }

  // ---- the pull way

  /** One at a time, for everybody who waits. */
  async #pull() {
    if (this.#pulling) {
      return;
    }
    this.#pulling = true;
    while (this.#holder.isAwaited() && !this.#isClosed()) {
      let fault = null;
      try {
        this.#hold(await this.#calls.token(this.#closing.signal));
        this.#pauses.succeeded();
      } catch (thrown) {
        fault = this.#failed(thrown);
      }
      if (this.#holder.isAwaited() && !this.#isClosed()) {
        const again = Math.min(Math.max(this.#holder.left() / 2, SHORTEST_AGAIN), LONGEST_AGAIN);
        await (fault === null ? this.#pauses.for(again) : this.#pauses.afterFailure(fault));
      }
    }
    this.#pulling = false;
  }

  // ---- both

  #isClosed() {
    return this.#closing.signal.aborted;
  }

  #goesOn() {
    return !this.#isClosed() && this.#told !== 'deleted';
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
    this.#holder.drop(what === 'revoked' ? null : new TokenBrokerError(what, `the user is ${what}`));
  }

  /** @returns the fault in words of our own, as others' may quote a token */
  #failed(thrown) {
    const fault =
      thrown instanceof TokenBrokerError
        ? thrown
        : new TokenBrokerError('unavailable', 'what the broker sent broke off, or could not be read');
    if (this.#isClosed()) {
      return fault;
    }
    if (fault.code === 'suspended') {
      this.#void('suspended', '');
    } else if (fault.code === 'unknown-user' && this.#told !== 'nothing') {
      this.#void('deleted', '');
    } else {
      this.#holder.failed(fault);
    }
    return fault;
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
