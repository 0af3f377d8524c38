package io.tokenbroker.acs;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What a 429 does to one operation: nothing passes until ACS wants to hear of it again, then a tenth of the full rate,
 * doubled every second until the gate is no longer felt. Not thread-safe.
 */
final class ThrottleGate {

    private static final Duration FIRST_GUESS = Duration.ofSeconds(5);
    private static final Duration LONGEST_GUESS = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final double JITTER = 0.1;
    private static final double FIRST_RATE = 0.1;
    private static final double RATE_NOT_FELT = 10;
    private static final long LOOK_AGAIN = Duration.ofMillis(200).toNanos();

    private final DoubleSupplier random;
    private long closedUntil = Long.MIN_VALUE;
    private long lastPassed = Long.MIN_VALUE;
    private boolean ramping;
    private int closedInARow;

    ThrottleGate(DoubleSupplier random) {
        this.random = random;
    }

    boolean isClosed(long now) {
        return now < closedUntil;
    }

    /** A call was answered 429. Where ACS does not say for how long, the guess grows each time the gate closes anew. */
    void refused(long now, Optional<Duration> retryAfter) {
        if (!isClosed(now)) {
            closedInARow++;
        }
        Duration guess = FIRST_GUESS.multipliedBy(1L << Math.min(closedInARow - 1, 4));
        Duration wait = shorter(retryAfter.orElse(shorter(guess, LONGEST_GUESS)), LONGEST);
        long jittered = (long) (wait.toNanos() * (1 + JITTER * random.getAsDouble()));
        closedUntil = Math.max(closedUntil, now + jittered);
        ramping = true;
        lastPassed = Long.MIN_VALUE;
    }

    void succeeded(long now) {
        if (!isClosed(now) && !ramping) {
            closedInARow = 0;
        }
    }

    /** @param evenPace nanoseconds from call to call at the full rate */
    boolean mayPass(long now, long evenPace) {
        return passAt(now, evenPace) <= now;
    }

    /** When to ask again, never later than the gate lets somebody pass. */
    long passAt(long now, long evenPace) {
        if (isClosed(now)) {
            return closedUntil;
        }
        if (!ramping) {
            return now;
        }
        double rate = FIRST_RATE * Math.pow(2, (now - closedUntil) / 1e9);
        if (rate >= RATE_NOT_FELT) {
            ramping = false;
            return now;
        }
        if (lastPassed == Long.MIN_VALUE) {
            return now;
        }
        long next = lastPassed + (long) (evenPace / rate);
        return next <= now ? now : Math.min(next, now + LOOK_AGAIN);
    }

    void passed(long now) {
        lastPassed = now;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
