package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.AcsFault;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that failed, classified: what {@link AcsFault} tells the core, and what the governor needs besides. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Kind {
        RETRIABLE,
        THROTTLED,
        REFUSED,
        /** The identity is no more, so what takes something away from it is done. */
        GONE,
        MISCONFIGURED
    }

    /** How far the request came. */
    enum Reach {
        /** ACS answered. */
        ANSWERED,
        /** It was sent, perhaps; ACS may have done the work. */
        SENT,
        /** No connection: nothing was done. */
        NOT_SENT
    }

    private final Kind kind;
    private final Reach reach;
    private final String code;
    private final @Nullable Duration retryAfter;

    Failure(
            Kind kind,
            Reach reach,
            String code,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.reach = reach;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Of anything that no classifier saw. */
    static Failure of(Throwable error) {
        if (error instanceof Failure failure) {
            return failure;
        }
        String code = error.getClass().getSimpleName();
        return new Failure(Kind.RETRIABLE, Reach.SENT, code, "unexpected " + code, null, error);
    }

    /** The same, as the request's own fault. */
    Failure asRefusal() {
        return new Failure(Kind.REFUSED, reach, code, String.valueOf(getMessage()), retryAfter, getCause());
    }

    Kind kind() {
        return kind;
    }

    Reach reach() {
        return reach;
    }

    String code() {
        return code;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The word for it in metrics. */
    String outcome() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** As the core is told. */
    AcsFault asFault() {
        return new AcsFault(faultKind(), code, String.valueOf(getMessage()), retryAfter, this);
    }

    private AcsFault.Kind faultKind() {
        return switch (kind) {
            case RETRIABLE -> AcsFault.Kind.RETRIABLE;
            case THROTTLED -> AcsFault.Kind.THROTTLED;
            case REFUSED, GONE -> AcsFault.Kind.REFUSED;
            case MISCONFIGURED -> AcsFault.Kind.MISCONFIGURED;
        };
    }
}
