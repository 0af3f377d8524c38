package io.tokenbroker.bench;

import java.time.Duration;

/** Processor time: the subject's, Kafka's, the emulator's, and that of this JVM, which makes the load and reads it back. */
record Cpu(Duration subject, Duration kafka, Duration emulator, Duration load) {

    Cpu minus(Cpu earlier) {
        return new Cpu(
                subject.minus(earlier.subject),
                kafka.minus(earlier.kafka),
                emulator.minus(earlier.emulator),
                load.minus(earlier.load));
    }

    /** Of all but the subject. */
    Duration surroundings() {
        return kafka.plus(emulator).plus(load);
    }
}
