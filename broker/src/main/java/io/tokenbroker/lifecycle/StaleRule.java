package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.UserEvent;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Log order wins, with one exception: an event older than one already applied of the same source and the same aspect.
 * Sources are never compared with each other, as neither their clocks nor their counters are.
 */
final class StaleRule {

    /** Below this, two times of one source do not tell an order. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** How many (aspect, source) pairs an entry remembers. */
    static final int REMEMBERED = 8;

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private StaleRule() {}

    static boolean isStale(List<Seen> seen, UserEvent event) {
        if (event.writtenForCaller()) {
            return false;
        }
        return aspectOf(event.event())
                .filter(aspect -> isStale(
                        seen,
                        aspect,
                        event.ref().source(),
                        event.sequence(),
                        event.ref().time()))
                .isPresent();
    }

    /** Whether something newer was applied of the same aspect and source. */
    static boolean isStale(List<Seen> seen, Aspect aspect, String source, @Nullable String sequence, Instant time) {
        return find(seen, aspect, source)
                .filter(latest -> isOlder(sequence, time, latest.sequence(), latest.time()))
                .isPresent();
    }

    /** The memory after this event was applied. */
    static List<Seen> remember(List<Seen> seen, Aspect aspect, String source, @Nullable String sequence, Instant time) {
        List<Seen> next = new ArrayList<>(seen);
        Optional<Seen> before = find(seen, aspect, source);
        before.ifPresent(next::remove);
        next.add(before.map(latest -> latest(latest, aspect, source, sequence, time))
                .orElseGet(() -> new Seen(aspect, source, sequence, time)));
        return next.size() > REMEMBERED ? next.subList(next.size() - REMEMBERED, next.size()) : next;
    }

    static Optional<Aspect> aspectOf(LifecycleEvent event) {
        return switch (event) {
            case UserCreated created -> Optional.of(Aspect.EXISTENCE);
            case UserDeleted deleted -> Optional.of(Aspect.EXISTENCE);
            case UserSuspended suspended -> Optional.of(Aspect.ACCESS);
            case UserResumed resumed -> Optional.of(Aspect.ACCESS);
            case SessionsRevoked revoked -> Optional.empty();
            case ReconcileRequested reconcile -> Optional.empty();
        };
    }

    private static Optional<Seen> find(List<Seen> seen, Aspect aspect, String source) {
        // once or twice for each event there is
        for (Seen one : seen) {
            if (one.aspect() == aspect && one.source().equals(source)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static boolean isOlder(
            @Nullable String sequence, Instant time, @Nullable String latestSequence, Instant latestTime) {
        if (sequence != null && latestSequence != null) {
            return compare(sequence, latestSequence) < 0;
        }
        return time.isBefore(latestTime.minus(TOLERANCE));
    }

    /** Keeps the higher of each, so that many small steps back do not add up to a large one. */
    private static Seen latest(Seen before, Aspect aspect, String source, @Nullable String sequence, Instant time) {
        String old = before.sequence();
        String higher = old == null || (sequence != null && compare(sequence, old) > 0) ? sequence : old;
        return new Seen(aspect, source, higher, time.isAfter(before.time()) ? time : before.time());
    }

    /** Numbers by value, anything else as CloudEvents says: lexicographically. */
    private static int compare(String one, String other) {
        if (DIGITS.matcher(one).matches() && DIGITS.matcher(other).matches()) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return one.compareTo(other);
    }
}
