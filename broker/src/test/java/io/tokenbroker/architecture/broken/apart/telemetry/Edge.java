package io.tokenbroker.architecture.broken.apart.telemetry;

/** Breaks a rule on purpose. */
public final class Edge {
    Class<?> other() {
        return io.tokenbroker.architecture.broken.apart.kafka.Edge.class;
    }
}
