package io.tokenbroker.architecture.broken.inward.kafka;

/** Breaks a rule on purpose. */
public final class AnEdge {
    private AnEdge() {}
}
