package io.tokenbroker.kafka;

/** A partition's users cannot be told all: nothing of theirs may be touched, and nobody else is concerned. */
final class PartitionUnreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason names the place of an entry, and why it cannot be read */
    PartitionUnreadable(String reason) {
        super(reason);
    }
}
