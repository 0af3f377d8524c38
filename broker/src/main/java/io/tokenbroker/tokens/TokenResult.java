package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.lifecycle.AcsFault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What becomes of a {@link TokenRequest}. */
public sealed interface TokenResult {

    /**
     * A token that was valid for the user at a moment after the request began, or, if it was leased already, by a view
     * of the directory at most {@link io.tokenbroker.directory.RecentDirectory#MAX_AGE} old.
     *
     * @param renewOn when who holds it should ask for the next one
     */
    record Issued(AccessToken token, AcsIdentityId identityId, Set<String> scopes, Instant renewOn)
            implements TokenResult {
        public Issued {
            scopes = Set.copyOf(scopes);
        }

        /** When the token ends, as ACS says. */
        public Instant expiresOn() {
            return token.expiresOn();
        }
    }

    /** Never created, or deleted. */
    record UnknownUser() implements TokenResult {}

    /** The user may have no token at present. */
    record Suspended() implements TokenResult {}

    /** Nothing is wrong with the request, but now is not the time. */
    record NotReady(Reason reason, Duration retryAfter) implements TokenResult {}

    /** This user had too many new tokens within a minute. */
    record TooMany(Duration retryAfter) implements TokenResult {}

    /** The request can never be met. */
    record Refused(List<FieldError> errors) implements TokenResult {
        public Refused {
            errors = List.copyOf(errors);
        }
    }

    /** The request could be met, but not for this caller. */
    record NotPermitted(List<FieldError> errors) implements TokenResult {
        public NotPermitted {
            errors = List.copyOf(errors);
        }
    }

    /** What a failed call to ACS means for who asked for a token. */
    static TokenResult of(AcsFault fault) {
        Duration retryAfter = fault.retryAfter().orElse(Duration.ofSeconds(1));
        return switch (fault.kind()) {
            case REFUSED -> new Refused(List.of(new FieldError("acs", fault.code(), "a request that ACS accepts")));
            case MISCONFIGURED -> new NotReady(Reason.OUTAGE, retryAfter);
            case RETRIABLE, THROTTLED -> new NotReady(Reason.BUSY, retryAfter);
        };
    }

    /** Why a token cannot be had now. */
    enum Reason {
        /** The user has no identity yet. */
        PROVISIONING,
        /** Earlier tokens are being revoked. */
        REVOKING,
        /** The directory could not be read, or the announcement not be written. */
        UNCONFIRMED,
        /** ACS cannot be used at all. */
        OUTAGE,
        /** ACS is over its quota, slow or failing. */
        BUSY;

        /** The word for it in answers. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
