package io.tokenbroker.emulator.calls;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many calls of each operation are allowed in any 30 seconds, read as strictly as Azure's pages can be: the window
 * slides, and a call that was refused counts too ("all requests accrue against your usage limits").
 */
public final class Quota {
    private static final long WINDOW_MILLIS = 30_000;

    private final Map<Operation, Integer> limits;
    private final Map<Operation, Window> windows = new EnumMap<>(Operation.class);

    Quota(Map<Operation, Integer> limits) {
        this.limits = Map.copyOf(limits);
        limits.forEach((operation, limit) -> windows.put(operation, new Window(limit)));
    }

    /** No limits. */
    public static Quota none() {
        return new Quota(Map.of());
    }

    /** The limits of a resource nobody asked higher ones for. */
    public static Quota azure() {
        Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
        Arrays.stream(Operation.values()).forEach(o -> limits.put(o, o.azureLimit()));
        return new Quota(limits);
    }

    /** Counts a call, and says how long to wait if it is one too many. */
    public Optional<Duration> excess(Operation operation, Instant now) {
        Window window = windows.get(operation);
        return window == null ? Optional.empty() : window.excess(now.toEpochMilli());
    }

    /** Whether the two have the same limits, however much of them is used. */
    public boolean allowsAsMuchAs(Quota other) {
        return limits.equals(other.limits);
    }

    /** The times of as many latest calls as the limit allows: a call is one too many if the oldest of them is recent. */
    private static final class Window {
        private final long[] latest;
        private int oldest;

        Window(int limit) {
            latest = new long[limit];
            Arrays.fill(latest, Long.MIN_VALUE);
        }

        synchronized Optional<Duration> excess(long now) {
            boolean tooMany = latest[oldest] > now - WINDOW_MILLIS;
            latest[oldest] = now;
            oldest = (oldest + 1) % latest.length;
            return tooMany ? Optional.of(Duration.ofMillis(latest[oldest] + WINDOW_MILLIS - now)) : Optional.empty();
        }
    }
}
