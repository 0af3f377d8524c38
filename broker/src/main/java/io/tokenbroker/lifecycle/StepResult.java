package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ACS answered to a {@link Step}. */
public sealed interface StepResult {

    /** @param firstToken what is known of the token that came with it, where one was asked for */
    record IdentityCreated(
            AcsIdentityId identityId, @Nullable FirstToken firstToken) implements StepResult {}

    /** A token told without telling it: see {@code TokenIssued}. */
    record FirstToken(Set<String> scopes, Instant issuedOn, Instant expiresOn, String tokenId) {
        public FirstToken {
            scopes = Set.copyOf(scopes);
        }
    }

    /** The tokens are void, or the identity they belonged to is no more. */
    record TokensRevoked(AcsIdentityId identityId, long epoch) implements StepResult {}

    /** The identity is no more, by this call or an earlier one. */
    record IdentityDeleted(AcsIdentityId identityId) implements StepResult {}
}
