package io.tokenbroker.pipeline;

import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Up to where a partition is done: below it every record's effect is in a committed transaction, or in the one that
 * carries it. Lanes hold it at the first record they have not finished, so it costs memory per busy user and not per
 * record, and gaps in the offsets do not matter. Confined to the partition's thread.
 */
final class Watermark {

    private final NavigableSet<Long> held = new TreeSet<>();
    private long next;

    Watermark(long start) {
        next = start;
    }

    /** A record came; offsets only ever rise. */
    void arrived(long offset) {
        if (offset < next) {
            throw new IllegalArgumentException("offset " + offset + " after " + (next - 1));
        }
        next = offset + 1;
    }

    /** This record is not done; it may be one that is still to come. */
    void hold(long offset) {
        held.add(offset);
    }

    /** It is now. */
    void release(long offset) {
        held.remove(offset);
    }

    /** The offset to commit: the first that is not done, or the next one to come. */
    long value() {
        return held.isEmpty() ? next : Math.min(next, held.first());
    }
}
