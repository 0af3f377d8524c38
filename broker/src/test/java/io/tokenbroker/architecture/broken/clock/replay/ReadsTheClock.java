package io.tokenbroker.architecture.broken.clock.replay;

/** Breaks a rule on purpose. */
public final class ReadsTheClock {
    long now() {
        return System.currentTimeMillis();
    }
}
