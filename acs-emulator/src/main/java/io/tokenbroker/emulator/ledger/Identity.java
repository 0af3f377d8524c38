package io.tokenbroker.emulator.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One identity in the ledger. Times are in milliseconds since the epoch, 0 for never: there may be a million of these. */
public final class Identity {
    private final UUID user;
    private final long createdOn;
    private long deletedOn;
    private long tokensRevokedOn;
    private int tokensIssued;

    Identity(UUID user, long createdOn) {
        this.user = user;
        this.createdOn = createdOn;
    }

    synchronized boolean isActive() {
        return deletedOn == 0;
    }

    synchronized void tokenIssued() {
        tokensIssued++;
    }

    synchronized void tokensRevoked(long now) {
        tokensRevokedOn = now;
    }

    /** Deleting revokes too. */
    synchronized void deleted(long now) {
        deletedOn = now;
        tokensRevokedOn = now;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(
                user, Instant.ofEpochMilli(createdOn), orNull(deletedOn), tokensIssued, orNull(tokensRevokedOn));
    }

    private static @Nullable Instant orNull(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    /** An identity as it was at one moment. */
    public record Snapshot(
            UUID user,
            Instant createdOn,
            @Nullable Instant deletedOn,
            int tokensIssued,
            @Nullable Instant tokensRevokedOn) {
        /** Whether it has not been deleted. */
        public boolean isActive() {
            return deletedOn == null;
        }
    }
}
