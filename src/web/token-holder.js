import { TokenBrokerError } from './broker-calls.js';

/** A token that ends sooner is not handed out: it would have ended when it is looked at. */
const MARGIN = 100;

/** Timers of more than 24 days would fire at once. */
const LONGEST_TIMER = 24 * 60 * 60 * 1000;

/**
 * The token that is held, and those who wait for the next one. Whoever waits is not told of a failure while a valid
 * token is held; without one they wait as long as patience lasts.
 */
export class TokenHolder {
  #patience;
  #held = null;
  #hopeless = null;
  #fault = new TokenBrokerError('unavailable', 'the broker has not answered yet');
  #waiting = new Set();
  #closed = false;

  constructor(patience) {
    this.#patience = patience;
  }

  /** @returns whether it is another token than was held */
  hold({ token, expiresOn }) {
    if (typeof token !== 'string' || Number.isNaN(Date.parse(expiresOn))) {
      throw new TokenBrokerError('unavailable', 'what the broker sent holds no token');
    }
    const ends = Math.min(Date.parse(expiresOn), endOf(token));
    if (ends - MARGIN <= Date.now()) {
      throw new TokenBrokerError('clock', 'the token has ended already, by the clock of this device');
    }
    const isNew = this.#held?.token !== token;
    this.#held = { token, ends };
    this.#hopeless = null;
    this.#reviewAll();
    return isNew;
  }

  /** @param hopeless why waiting does not help; null where another token will follow */
  drop(hopeless) {
    this.#held = null;
    this.#hopeless = hopeless;
    this.#fault = new TokenBrokerError('unavailable', 'the tokens were revoked, and the next one did not come');
    this.#reviewAll();
  }

  failed(fault) {
    this.#fault = fault;
    this.#hopeless = fault.hopeless ? fault : null;
    this.#reviewAll();
  }

  hasValid() {
    return this.#held !== null && Date.now() < this.#held.ends - MARGIN;
  }

  /** @returns how long the token that is held is valid, in milliseconds */
  left() {
    return this.hasValid() ? this.#held.ends - Date.now() : 0;
  }

  isAwaited() {
    return this.#waiting.size > 0;
  }

  /**
   * @param last the token that is not to be given again
   * @param asking whether to wait for an answer even where another is held
   */
  next(last, abortSignal, asking) {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#end(waiter);
        if (this.hasValid()) {
          resolve(this.#held.token);
        } else {
          reject(new DOMException('The wait for a token was given up', 'AbortError'));
        }
      };
      const waiter = { last, resolve, reject, since: undefined, timer: undefined };
      waiter.forget = () => abortSignal?.removeEventListener('abort', aborted);
      this.#waiting.add(waiter);
      abortSignal?.addEventListener('abort', aborted);
      if (abortSignal?.aborted) {
        aborted();
      } else if (asking) {
        this.#watch(waiter);
      } else {
        this.#review(waiter);
      }
    });
  }

  close() {
    this.#closed = true;
    this.#reviewAll();
  }

  #reviewAll() {
    for (const waiter of [...this.#waiting]) {
      this.#review(waiter);
    }
  }

  #review(waiter) {
    if (this.hasValid()) {
      waiter.since = undefined;
      if (this.#held.token !== waiter.last || this.#closed) {
        this.#end(waiter);
        waiter.resolve(this.#held.token);
        return;
      }
    } else if (this.#closed) {
      this.#giveUp(waiter, new TokenBrokerError('closed', 'the source of tokens is closed'));
      return;
    } else if (this.#hopeless) {
      this.#giveUp(waiter, this.#hopeless);
      return;
    }
    this.#watch(waiter);
  }

  /**
   * Looks again when the token ends, and from then on has patience: not from its end on, as a device that slept through
   * it has not tried yet.
   */
  #watch(waiter) {
    const now = Date.now();
    if (!this.hasValid()) {
      waiter.since ??= now;
    }
    const limit = waiter.since === undefined ? this.#held.ends - MARGIN : waiter.since + this.#patience;
    if (now >= limit) {
      const { code, message, status, retryAfter } = this.#fault;
      const seconds = this.#patience / 1000;
      this.#giveUp(waiter, new TokenBrokerError(code, `no token within ${seconds} s: ${message}`, { status, retryAfter }));
      return;
    }
    clearTimeout(waiter.timer);
    waiter.timer = setTimeout(() => this.#review(waiter), Math.min(limit - now, LONGEST_TIMER));
  }

  #giveUp(waiter, fault) {
    this.#end(waiter);
    waiter.reject(fault);
  }

  #end(waiter) {
    clearTimeout(waiter.timer);
    waiter.forget();
    this.#waiting.delete(waiter);
  }
}

/** When the SDK takes the token to end: it goes by the JWT's own `exp`, and rejects one that it finds ended. */
function endOf(token) {
  try {
    const base64 = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const { exp } = JSON.parse(atob(base64));
    return typeof exp === 'number' ? exp * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}
