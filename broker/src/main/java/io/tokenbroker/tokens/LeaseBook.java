package io.tokenbroker.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The live leases of this instance, in memory alone. A lease goes when its token ends, when its user's entry no longer
 * allows it, and, where there are too many, when nobody asked for it for long. Thread-safe; never blocks for long.
 */
final class LeaseBook {

    /** Of one user; beyond that the one that ends first goes, so that odd lifetimes take no room from others. */
    static final int PER_USER = 8;

    private final Cache<UserId, List<Lease>> leases;
    private final Clock clock;

    /** @param most leases at a time, of all users */
    LeaseBook(int most, Clock clock) {
        this.clock = clock;
        this.leases = Caffeine.newBuilder()
                .maximumWeight(most)
                .weigher((UserId user, List<Lease> held) -> held.size())
                .expireAfter(Expiry.writing((UserId user, List<Lease> held) -> untilLastEnds(held)))
                .ticker(ticker(clock))
                .executor(Runnable::run)
                .build();
    }

    /** The lease of this key that is alive, void or not. */
    Optional<Lease> find(LeaseKey key) {
        List<Lease> held = leases.getIfPresent(key.userId());
        if (held == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        for (Lease lease : held) {
            if (lease.key().equals(key) && lease.isAlive(now)) {
                return Optional.of(lease);
            }
        }
        return Optional.empty();
    }

    /** Takes the place of the lease with the same key. */
    void put(Lease lease) {
        Instant now = clock.instant();
        leases.asMap().compute(lease.key().userId(), (user, known) -> {
            List<Lease> held = new ArrayList<>(known == null ? List.of() : known);
            held.removeIf(other -> other.key().equals(lease.key()) || !other.isAlive(now));
            if (held.size() >= PER_USER) {
                held.remove(held.stream()
                        .min(Comparator.comparing(other -> other.token().expiresOn()))
                        .orElseThrow());
            }
            held.add(lease);
            return List.copyOf(held);
        });
    }

    /** The user's entry is this one now: what it does not allow is void. */
    void changed(DirectoryEntry entry) {
        if (!leases.asMap().containsKey(entry.userId())) {
            return;
        }
        leases.asMap().computeIfPresent(entry.userId(), (user, held) -> {
            Predicate<Lease> allowed = lease -> lease.isAllowedBy(entry);
            if (held.stream().allMatch(allowed)) {
                return held;
            }
            List<Lease> left = held.stream().filter(allowed).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** How many there are; some of them may have ended. */
    long size() {
        return leases.asMap().values().stream().mapToLong(List::size).sum();
    }

    private Duration untilLastEnds(List<Lease> held) {
        Instant last = held.stream()
                .map(lease -> lease.token().expiresOn())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Duration left = Duration.between(clock.instant(), last);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Ticker ticker(Clock clock) {
        return () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos();
    }
}
