package io.tokenbroker.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tokens that came with new identities, in memory alone, until the entries that refer to these identities are durable,
 * and their events with them. Then they are leases like any other; where that takes too long they are dropped.
 * Thread-safe; never blocks.
 */
public final class FirstTokens {

    /** A commit takes milliseconds; what Kafka does not take in this time is not waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Cache<AcsIdentityId, FirstToken> waiting;
    private final Renewal renewal =
            new Renewal(() -> ThreadLocalRandom.current().nextDouble());
    private final Clock clock;

    private record FirstToken(AccessToken token, Set<String> scopes, int minutes, long epoch, Instant issuedOn) {}

    /** @param most tokens that may wait at a time */
    public FirstTokens(int most, Clock clock) {
        this.clock = clock;
        this.waiting = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(PATIENCE)
                .executor(Runnable::run)
                .build();
    }

    /**
     * A token came with a new identity that nobody knows of yet.
     *
     * @param epoch the token epoch it was asked for under
     */
    public void came(AcsIdentityId identityId, Set<String> scopes, int minutes, long epoch, AccessToken token) {
        waiting.put(identityId, new FirstToken(token, Set.copyOf(scopes), minutes, epoch, clock.instant()));
    }

    /** The token that came with this durable entry's identity, if the entry allows it; nobody gets it twice. */
    Optional<Lease> claim(DirectoryEntry entry) {
        AcsIdentityId identityId = entry.identityId();
        FirstToken first = identityId == null ? null : waiting.asMap().remove(identityId);
        if (identityId == null || first == null) {
            return Optional.empty();
        }
        var key = new LeaseKey(entry.userId(), first.scopes(), first.minutes());
        Instant renewOn = renewal.of(first.issuedOn(), first.token().expiresOn());
        var lease = new Lease(key, first.token(), identityId, first.epoch(), first.issuedOn(), renewOn);
        return Optional.of(lease).filter(held -> held.isAllowedBy(entry));
    }
}
