const FIRST_RETRY = 1_000;
const SHORTEST_RETRY = 500;
const LONGEST_RETRY = 30_000;

/** However long the other side asks for. */
const LONGEST_TOLD = 5 * 60_000;

/** How often somebody is asked for who may be signing up, and for how many attempts. */
const SIGN_UP_RETRY = 1_000;
const SIGN_UP_ATTEMPTS = 30;

/**
 * What to wait for between attempts: longer after each failure, never in step with others, and never less than the
 * other side asked for. One wait at a time.
 */
export class Pauses {
  #retry = FIRST_RETRY;
  #failures = 0;
  #current = null;

  succeeded() {
    this.#failures = 0;
  }

  /** How long the broker wants streams to wait; undefined where it did not say. */
  told(retry) {
    this.#retry = Math.min(Math.max(retry ?? this.#retry, SHORTEST_RETRY), LONGEST_TOLD);
  }

  /** A broker that shuts down has told each stream a time of its own. */
  afterDrain() {
    return this.#wait(this.#retry, false);
  }

  afterEnd() {
    return this.#wait(spread(this.#retry), true);
  }

  afterFailure(fault) {
    this.#failures++;
    const signingUp = fault.code === 'unknown-user' && this.#failures <= SIGN_UP_ATTEMPTS;
    const own = signingUp
      ? SIGN_UP_RETRY
      : Math.min(this.#retry * 2 ** Math.min(this.#failures - 1, 10), LONGEST_RETRY);
    const told = Math.min(fault.retryAfter ?? 0, LONGEST_TOLD);
    return this.#wait(Math.max(spread(own), told), told === 0);
  }

  /** Without having failed. */
  for(millis) {
    return this.#wait(millis, true);
  }

  /** @param own whether waiting is our own idea, so that somebody who needs a token may cut it short */
  #wait(millis, own) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#current = null;
        resolve();
      };
      const timer = setTimeout(end, millis);
      this.#current = { own, end };
    });
  }

  /** @returns whether nothing is waited for now */
  cutShort() {
    if (this.#current?.own) {
      this.#current.end();
    }
    return this.#current === null;
  }

  end() {
    this.#current?.end();
  }
}

/** Never less, and up to a half more. */
function spread(millis) {
  return millis * (1 + Math.random() / 2);
}
