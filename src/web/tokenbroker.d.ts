/** What the ACS client SDKs give to abort with. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: (...args: any[]) => any, options?: any): void;
  removeEventListener(type: 'abort', listener: (...args: any[]) => any, options?: any): void;
}

export interface TokenSourceOptions {
  /** Where the broker is: an absolute URL, with the path that a proxy may put before `/v1`. */
  broker: string | URL;

  /**
   * Answers the access token (a JWT) that your issuer gave the user, for the broker's audience. Asked before each
   * connection. With `forceRefresh` the last one was refused or is about to end: get a new one, not a cached one.
   */
  getAccessToken: (request: { forceRefresh: boolean }) => Promise<string> | string;

  /** `chat`, `voip`, `chat.join`, `chat.join.limited`, `voip.join`; without it, what the broker gives by default. */
  scopes?: string[];

  /**
   * `stream` (the default): the broker pushes each next token and tells at once what happens to the user. `pull`: it is
   * asked when the SDK asks, and what happens to the user is found out then.
   */
  way?: 'stream' | 'pull';

  /** How long whoever asks for a token waits for one while none is held, in milliseconds; 30,000 by default. */
  patience?: number;

  /** There is another token; the SDK takes it when it needs it. */
  onToken?: (token: { expiresOn: Date; identityId: string; scopes: string[] }) => void;

  /** Every token so far is void; the next follows by itself, and the SDK does not look for it. Stream only. */
  onRevoked?: (what: { reason: string }) => void;

  /** Every token so far is void, and there is none until the user is resumed, which `onToken` tells. */
  onSuspended?: (what: { reason: string }) => void;

  /** Every token so far is void, and a stream tells of no other. */
  onDeleted?: (what: { reason: string }) => void;

  /** The next token is not there in time; what is held ends then, `null` where nothing is held. Stream only. */
  onDelayed?: (what: { expiresOn: Date | null }) => void;
}

/** What `new AzureCommunicationTokenCredential(…)` takes. */
export interface CredentialOptions {
  token: string;
  tokenRefresher: (abortSignal?: AbortSignalLike) => Promise<string>;
  refreshProactively: true;
}

/**
 * Supplies ACS client SDKs with a signed-in user's tokens, valid at every moment. Logs nothing, and has no token in any
 * error.
 */
export class TokenSource {
  /** Begins to listen at once, in the stream way. Throws a `TypeError` that names the option that is wrong. */
  constructor(options: TokenSourceOptions);

  /**
   * For one credential of the SDK, with the first token in it; make another for each credential. Rejects as the
   * refresher does.
   */
  credentialOptions(abortSignal?: AbortSignalLike): Promise<CredentialOptions>;

  /**
   * For one credential of the SDK: answers a token that is valid and that this refresher has not answered before, and
   * waits for it. Tries again by itself. Does not reject while a valid token is held; without one it rejects with a
   * {@link TokenBrokerError} after `patience`, or at once where no waiting helps.
   */
  tokenRefresher(): (abortSignal?: AbortSignalLike) => Promise<string>;

  /** Ends the connection, and every wait: dispose of the credentials first. */
  close(): void;
}

/**
 * - `unknown-user`: never created, or not yet
 * - `suspended`, `deleted`: no tokens for this user
 * - `access-token`: `getAccessToken` failed, or the broker did not accept what it gave
 * - `refused`: the request is not allowed, for instance its scopes
 * - `unavailable`: the broker cannot be reached, or has no token now
 * - `clock`: new tokens have ended already by this device's clock
 * - `closed`: the source is
 */
export type TokenBrokerErrorCode =
  | 'unknown-user'
  | 'suspended'
  | 'deleted'
  | 'access-token'
  | 'refused'
  | 'unavailable'
  | 'clock'
  | 'closed';

/** Why there is no token. */
export class TokenBrokerError extends Error {
  constructor(code: TokenBrokerErrorCode, message: string, more?: { status?: number; retryAfter?: number });
  readonly name: 'TokenBrokerError';
  readonly code: TokenBrokerErrorCode;
  /** That of the broker's answer, if there was one. */
  readonly status?: number;
  /** Milliseconds that the broker asked to wait for. */
  readonly retryAfter?: number;
  /** Whether waiting does not help. */
  readonly hopeless: boolean;
}
