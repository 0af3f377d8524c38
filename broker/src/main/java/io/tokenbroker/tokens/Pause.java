package io.tokenbroker.tokens;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before asking again: twice as long after each failure, and never in step with others. */
record Pause(Duration length, int failures) {

    static final Pause NONE = new Pause(Duration.ZERO, 0);

    private static final long SHORTEST_MILLIS = 500;
    private static final int MOST_DOUBLINGS = 6;

    static Pause of(Duration length) {
        return new Pause(length, 0);
    }

    /** After another failure; ACS or whoever was asked wants to be left alone for {@code atLeast}. */
    Pause longer(Duration atLeast) {
        long millis = SHORTEST_MILLIS << Math.min(failures, MOST_DOUBLINGS);
        long spread = (long) (millis * (0.75 + 0.5 * ThreadLocalRandom.current().nextDouble()));
        return new Pause(Duration.ofMillis(Math.max(spread, atLeast.toMillis())), failures + 1);
    }
}
