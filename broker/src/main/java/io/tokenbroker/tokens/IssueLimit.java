package io.tokenbroker.tokens;

import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many new tokens one user may have within any minute, on this instance. Remembers at most {@link #REMEMBERED}
 * users: beyond that somebody is forgotten and may start anew.
 */
final class IssueLimit {

    static final int REMEMBERED = 100_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final Clock clock;
    private final ConcurrentMap<UserId, Deque<Instant>> issues = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> nextSweep;

    IssueLimit(int perMinute, Clock clock) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("new tokens per user and minute are " + perMinute + "; allowed: from 1");
        }
        this.perMinute = perMinute;
        this.clock = clock;
        this.nextSweep = new AtomicReference<>(clock.instant().plus(MINUTE));
    }

    /** Counts one issue; where it would be one too many it is not counted, and the answer says when to ask again. */
    Optional<Duration> take(UserId userId) {
        Instant now = clock.instant();
        sweep(now);
        AtomicReference<Duration> wait = new AtomicReference<>();
        issues.compute(userId, (user, known) -> {
            Deque<Instant> times = known == null ? new ArrayDeque<>(1) : known;
            forgetOld(times, now);
            if (times.size() < perMinute) {
                times.addLast(now);
            } else {
                wait.set(Duration.between(now, times.getFirst().plus(MINUTE)));
            }
            return times;
        });
        return Optional.ofNullable(wait.get());
    }

    /** The issue counted last came to nothing. */
    void giveBack(UserId userId) {
        issues.computeIfPresent(userId, (user, times) -> {
            times.pollLast();
            return times.isEmpty() ? null : times;
        });
    }

    int remembered() {
        return issues.size();
    }

    private void sweep(Instant now) {
        Instant due = nextSweep.get();
        boolean full = issues.size() >= REMEMBERED;
        if (full || (now.isAfter(due) && nextSweep.compareAndSet(due, now.plus(MINUTE)))) {
            for (UserId userId : issues.keySet()) {
                issues.computeIfPresent(userId, (user, times) -> {
                    forgetOld(times, now);
                    return times.isEmpty() ? null : times;
                });
            }
        }
        if (issues.size() >= REMEMBERED) {
            issues.keySet().stream().limit(REMEMBERED / 10).toList().forEach(issues::remove);
        }
    }

    private static void forgetOld(Deque<Instant> times, Instant now) {
        Instant edge = now.minus(MINUTE);
        while (!times.isEmpty() && !times.getFirst().isAfter(edge)) {
            times.removeFirst();
        }
    }
}
