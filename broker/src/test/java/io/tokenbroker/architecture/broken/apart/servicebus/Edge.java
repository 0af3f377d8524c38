package io.tokenbroker.architecture.broken.apart.servicebus;

/** Breaks a rule on purpose. */
public final class Edge {
    Class<?> other() {
        return io.tokenbroker.architecture.broken.apart.http.Edge.class;
    }
}
