package io.tokenbroker.bench;

import java.time.Duration;

/** One measured lot of events. */
record Round(int events, Duration took, Cpu used) {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    double perSecond() {
        return events / seconds(took);
    }

    /** Seconds for ten thousand events. */
    double perTenThousand(Duration cpu) {
        return seconds(cpu) * 10_000 / events;
    }

    /** Of the machine, what everything but the subject took. */
    double surroundingsShare() {
        return seconds(used.surroundings()) / (seconds(took) * PROCESSORS);
    }

    /** Of the machine, what the subject took. */
    double subjectShare() {
        return seconds(used.subject()) / (seconds(took) * PROCESSORS);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
