package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import java.util.Set;

/** One call to ACS that an entry still needs. */
public sealed interface Step {

    /** Make an identity. Not idempotent at ACS: each attempt is written down before it is made. */
    record CreateIdentity() implements Step {}

    /**
     * Make an identity and its first token in one call.
     *
     * @param epoch the token epoch the first token will belong to
     */
    record CreateIdentityWithToken(Set<String> scopes, int lifetimeMinutes, long epoch) implements Step {
        public CreateIdentityWithToken {
            scopes = Set.copyOf(scopes);
        }
    }

    /** Void every token issued so far. */
    record RevokeTokens(AcsIdentityId identityId, long epoch) implements Step {}

    /** Delete an identity and all that ACS has of it. */
    record DeleteIdentity(AcsIdentityId identityId) implements Step {}

    /** Whether a lost answer may leave an identity behind that nobody knows. */
    default boolean makesIdentity() {
        return this instanceof CreateIdentity || this instanceof CreateIdentityWithToken;
    }
}
