package io.tokenbroker.tokens;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.Standing;
import java.time.Duration;
import java.time.Instant;

/**
 * A live token, to be handed to whoever asks for its like.
 *
 * @param epoch the user's token epoch it was issued under; it is void in any other
 * @param renewOn when who holds it should have the next one
 */
record Lease(LeaseKey key, AccessToken token, AcsIdentityId identityId, long epoch, Instant issuedOn, Instant renewOn) {

    /** Whether the directory's entry still allows this token. */
    boolean isAllowedBy(DirectoryEntry entry) {
        return entry.standing() == Standing.ACTIVE
                && entry.tokenEpoch() == epoch
                && !entry.revoking()
                && identityId.equals(entry.identityId());
    }

    boolean isAlive(Instant now) {
        return now.isBefore(token.expiresOn());
    }

    /** Whether so large a part of its life is left. */
    boolean hasLeft(double part, Instant now) {
        Duration life = Duration.between(issuedOn, token.expiresOn());
        Duration left = Duration.between(now, token.expiresOn());
        return left.toMillis() >= part * life.toMillis();
    }

    TokenResult.Issued asResult() {
        return new TokenResult.Issued(token, identityId, key.scopes(), renewOn);
    }
}
