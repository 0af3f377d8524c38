const PROBLEM = 'urn:tokenbroker:problem:';
const PULL_LIMIT = 15_000; // the broker answers within five seconds

/** Those that no waiting helps against. */
const HOPELESS = new Set(['refused', 'suspended', 'deleted', 'closed']);

/** Why there is no token. Never has a token in it, nor what fetch or JSON said, which may quote one. */
export class TokenBrokerError extends Error {
  /**
   * @param {string} code one of those in tokenbroker.d.ts
   * @param {{status?: number, retryAfter?: number}} more `retryAfter` in milliseconds
   */
  constructor(code, message, more = {}) {
    super(message);
    this.name = 'TokenBrokerError';
    this.code = code;
    this.status = more.status;
    this.retryAfter = more.retryAfter;
  }

  get hopeless() {
    return HOPELESS.has(this.code);
  }
}

/** The two calls that a signed-in user makes, and what each answer means. */
export class BrokerCalls {
  #base;
  #scopes;
  #getAccessToken;
  #forceRefresh = false;

  constructor(broker, scopes, getAccessToken) {
    this.#base = baseOf(broker);
    this.#scopes = scopes;
    this.#getAccessToken = getAccessToken;
  }

  /** The access token of the next call is to be a new one. */
  renewAccessToken() {
    this.#forceRefresh = true;
  }

  /**
   * @param begun called when the broker is asked, which is after the application was asked for an access token
   * @returns the open answer, whose body is a stream of events
   */
  async stream(signal, begun) {
    const query = this.#scopes ? `?scopes=${encodeURIComponent(this.#scopes.join(','))}` : '';
    const init = { headers: { Accept: 'text/event-stream' }, signal };
    const response = await orAborted(signal, this.#send(`tokens/stream${query}`, init, begun));
    if (!(response.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
      discard(response);
      throw new TokenBrokerError('unavailable', 'what answered for the broker sent no stream of events');
    }
    return response;
  }

  /** @returns {Promise<object>} the answer's JSON */
  async token(signal) {
    const ending = new AbortController();
    const end = () => ending.abort();
    let limit;
    const begun = () => {
      clearTimeout(limit);
      limit = setTimeout(end, PULL_LIMIT);
    };
    const init = {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(this.#scopes ? { scopes: this.#scopes } : {}),
      signal: ending.signal,
    };
    signal.addEventListener('abort', end);
    try {
      return await orAborted(
        ending.signal,
        this.#send('tokens', init, begun).then((response) => response.json()),
      );
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
    }
  }

  async #send(path, init, begun) {
    const answer = await this.#sendOnce(path, init, begun);
    if (answer.status !== 401) {
      return accepted(answer);
    }
    discard(answer);
    this.#forceRefresh = true;
    const second = await this.#sendOnce(path, init, begun);
    this.#forceRefresh = second.status === 401;
    return accepted(second);
  }

  async #sendOnce(path, init, begun) {
    const jwt = await this.#accessToken();
    begun();
    try {
      return await fetch(`${this.#base}/v1/users/me/${path}`, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${jwt}` },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error', // an access token goes to the broker alone
        referrerPolicy: 'no-referrer',
      });
    } catch {
      throw new TokenBrokerError('unavailable', 'the broker could not be reached');
    }
  }

  async #accessToken() {
    const forceRefresh = this.#forceRefresh;
    let jwt;
    try {
      jwt = await this.#getAccessToken({ forceRefresh });
    } catch {
      throw new TokenBrokerError('access-token', 'getAccessToken failed');
    }
    // anything else fetch would refuse, and quote
    if (typeof jwt !== 'string' || !/^[\x21-\x7e]+$/.test(jwt)) {
      throw new TokenBrokerError('access-token', 'getAccessToken gave something that is no access token');
    }
    this.#forceRefresh = false;
    return jwt;
  }
}

function baseOf(broker) {
  let url;
  try {
    url = new URL(broker);
  } catch {
    throw new TypeError('broker: allowed is the absolute http or https URL of the broker');
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new TypeError('broker: allowed is an http or https URL without user, query and fragment');
  }
  return url.href.replace(/\/+$/, '');
}

async function accepted(response) {
  if (response.ok) {
    return response;
  }
  const type = await problemOf(response);
  const status = response.status;
  const more = { status, retryAfter: retryAfterOf(response) };
  switch (type) {
    case 'unknown-user':
      throw new TokenBrokerError('unknown-user', 'the broker does not know the user', more);
    case 'user-suspended':
      throw new TokenBrokerError('suspended', 'the user is suspended', more);
    case 'invalid-request':
    case 'forbidden':
      throw new TokenBrokerError('refused', `the broker refused the request: ${type}`, more);
    default:
  }
  if (status === 401) {
    throw new TokenBrokerError('access-token', 'the broker did not accept the access token', more);
  }
  throw new TokenBrokerError('unavailable', `the broker answered ${status}${type ? `: ${type}` : ''}`, more);
}

/** @returns the last part of a problem's type, empty where it is none of the broker's */
async function problemOf(response) {
  try {
    const { type } = await response.json();
    return type.startsWith(PROBLEM) && /^[a-z-]{1,40}$/.test(type.slice(PROBLEM.length))
      ? type.slice(PROBLEM.length)
      : '';
  } catch {
    return '';
  }
}

function retryAfterOf(response) {
  const value = response.headers.get('Retry-After');
  if (value === null) {
    return 0;
  }
  const millis = /^[0-9]+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(millis) ? Math.max(0, millis) : 0;
}

/** Aborting a fetch that was answered may do nothing, and then its body is waited for in vain. */
function orAborted(signal, promise) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new TokenBrokerError('unavailable', 'the broker did not answer in time'));
    signal.addEventListener('abort', late);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

function discard(response) {
  response.body?.cancel().catch(() => {});
}
