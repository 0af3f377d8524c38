package io.tokenbroker.architecture.broken.inward.directory;

/** Breaks a rule on purpose. */
public final class KnowsAnEdge {
    Class<?> edge() {
        return io.tokenbroker.architecture.broken.inward.kafka.AnEdge.class;
    }
}
