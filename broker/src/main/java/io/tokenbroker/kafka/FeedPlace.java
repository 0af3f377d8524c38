package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.FeedPosition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one reader is: in each partition it follows, and, once that is near enough to the end, in the ring. For the
 * reader's thread alone, but for what the ring does with one that waits, under its lock.
 */
final class FeedPlace {

    private static final long BEHIND = -1;

    private final FeedRing ring;
    private final int followed;

    /** Per partition the next offset; below zero where it is not followed. */
    private final long[] next;

    private long number;

    /** Whether it was at the end of the ring since it came there: the place of all who follow everything is one then. */
    private boolean level;

    private boolean parked;
    private long calledFor = BEHIND;
    private long[] calledFrom = {};

    FeedPlace(FeedRing ring, FeedPosition start) {
        this.ring = ring;
        this.followed = start.next().size();
        this.next = new long[ring.topic().partitions()];
        Arrays.fill(next, BEHIND);
        start.next().forEach((partition, offset) -> next[partition] = offset);
        this.number = ring.join(next);
    }

    FeedRing ring() {
        return ring;
    }

    /** Whether it follows one partition only. */
    boolean isOfOnePartition() {
        return followed == 1;
    }

    boolean isLevel() {
        return level;
    }

    /** Whether what comes next is in the ring. */
    boolean isInRing() {
        return number != BEHIND;
    }

    /** Goes on in the ring, if that reaches back so far. */
    boolean join() {
        number = ring.join(next);
        return isInRing();
    }

    /** The next record of the ring. {@code null} where there is none: it waits then, or is not in the ring any more. */
    @Nullable FeedRecord take() {
        if (parked && !ring.leave(this)) {
            return null;
        }
        while (true) {
            FeedRecord record = ring.at(number);
            if (record != null) {
                number++;
                return record;
            }
            if (number < ring.newest()) {
                number = BEHIND; // it was overtaken
                level = false;
                return null;
            }
            if (ring.park(this, number)) {
                return null;
            }
        }
    }

    /** Moves over a record; {@code false} where it is none of those that follow this place. */
    boolean pass(FeedRecord record) {
        int partition = record.partition();
        if (next[partition] < 0 || record.offset() < next[partition]) {
            return false;
        }
        next[partition] = record.offset() + 1;
        return true;
    }

    long next(int partition) {
        return next[partition];
    }

    /** Moves to this offset at least. */
    void passTo(int partition, long offset) {
        next[partition] = Math.max(next[partition], offset);
    }

    /** A partition that does not go on in the ring; the first of them from that one on. */
    int behind(int from) {
        for (int i = 0; i < next.length; i++) {
            int partition = (from + i) % next.length;
            if (next[partition] >= 0 && !ring.reaches(partition, next[partition])) {
                return partition;
            }
        }
        return from % next.length;
    }

    /** After everything that was taken. */
    FeedPosition position() {
        Map<Integer, Long> offsets = HashMap.newHashMap(followed);
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0) {
                offsets.put(partition, next[partition]);
            }
        }
        return new FeedPosition(ring.topic().id(), ring.topic().partitions(), offsets);
    }

    /** After everything that was taken, and what came after it and woke nobody. */
    FeedPosition positionWhereItWaits() {
        ring.pass(this);
        return position();
    }

    /** Waits; the ring holds its lock. */
    void park(long[] end) {
        parked = true;
        calledFor = BEHIND;
        level = true;
        for (int partition = 0; partition < next.length; partition++) {
            level &= next[partition] <= end[partition];
        }
    }

    /**
     * There is something for it from this number on; the ring holds its lock.
     *
     * @param before how far the ring had come before
     * @return whether it waited there and was not called yet
     */
    boolean call(FeedRing caller, long arrived, long[] before) {
        if (caller != ring || !parked || calledFor != BEHIND) {
            return false;
        }
        calledFor = arrived;
        calledFrom = before;
        return true;
    }

    /** Goes on if it was called; the ring holds its lock. */
    boolean leave() {
        if (calledFor == BEHIND) {
            return false;
        }
        number = calledFor;
        raise(calledFrom);
        calledFrom = new long[] {};
        parked = false;
        return true;
    }

    /** Moves over what it was not called for; the ring holds its lock. */
    void passWhereItWaits(long[] end) {
        if (parked) {
            raise(calledFor == BEHIND ? end : calledFrom);
        }
    }

    private void raise(long[] to) {
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0) {
                next[partition] = Math.max(next[partition], to[partition]);
            }
        }
    }
}
