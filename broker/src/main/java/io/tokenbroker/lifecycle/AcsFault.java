package io.tokenbroker.lifecycle;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call to ACS that did not succeed, classified once at the ACS edge. The message names the operation and ACS's error
 * code and never holds a key or a token.
 */
public final class AcsFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What to do about it. */
    public enum Kind {
        /** 408, 5xx, timeout or connection: worth another attempt; the work may have been done. */
        RETRIABLE,
        /** 429: over a limit, nothing was done. */
        THROTTLED,
        /** ACS will never accept this request. */
        REFUSED,
        /** The credentials or the resource are wrong: an outage of the broker, not of the request. */
        MISCONFIGURED
    }

    private final Kind kind;
    private final String code;
    private final @Nullable Duration retryAfter;

    /** @param code ACS's {@code error.code}, or a word for what happened instead of an answer */
    public AcsFault(Kind kind, String code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    /** How long ACS asks to wait; empty where it does not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
