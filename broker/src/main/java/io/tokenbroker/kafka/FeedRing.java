package io.tokenbroker.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest outcomes in the order they arrived in, as many as there is room for. One thread appends; readers walk by
 * number without a lock, and take it for a moment to begin, to wait for more, and to be told their position.
 */
final class FeedRing {

    private final FeedTopic topic;
    private final AtomicReferenceArray<@Nullable FeedRecord> slots;
    private final long room;

    /** Per partition: what came before this offset is not here. */
    private final long[] first;

    /** Per partition: how far the log was read, marks of transactions included. */
    private final long[] end;

    private long bytes;
    private long oldest;
    private volatile long newest;

    /**
     * @param start where reading begins in each partition
     * @param records how many it may hold
     * @param room how many bytes these may have in the log
     */
    FeedRing(FeedTopic topic, long[] start, int records, long room) {
        this.topic = topic;
        this.slots = new AtomicReferenceArray<>(records);
        this.room = room;
        this.first = start.clone();
        this.end = start.clone();
    }

    FeedTopic topic() {
        return topic;
    }

    /** The number the next record will have. */
    long newest() {
        return newest;
    }

    /** {@code null} where it is not here any more, or not yet. */
    @Nullable FeedRecord at(long number) {
        FeedRecord found = slots.get(slot(number));
        // a slot may hold a later record already
        return found != null && found.number() == number && number < newest ? found : null;
    }

    /**
     * @param reached how far each partition was read by this
     * @return the waiting readers for whom there is something
     */
    synchronized List<FeedReader> append(Collection<FeedRecord> records, long[] reached, FeedAudience audience) {
        long[] before = end.clone();
        List<FeedReader> called = new ArrayList<>();
        long number = newest;
        for (FeedRecord record : records) {
            while (number - oldest >= slots.length() || (oldest < number && bytes + record.size() > room)) {
                forget();
            }
            record.number(number);
            slots.set(slot(number), record);
            bytes += record.size();
            for (FeedReader reader : audience.of(record.user())) {
                if (reader.call(this, number, before)) {
                    called.add(reader);
                }
            }
            number++;
        }
        System.arraycopy(reached, 0, end, 0, end.length);
        if (!records.isEmpty()) {
            for (FeedReader reader : audience.ofEverybody()) {
                if (reader.call(this, newest, before)) {
                    called.add(reader);
                }
            }
        }
        newest = number;
        return called;
    }

    private int slot(long number) {
        return (int) (number % slots.length());
    }

    private void forget() {
        FeedRecord gone = slots.getAndSet(slot(oldest), null);
        oldest++;
        if (gone != null) {
            bytes -= gone.size();
            first[gone.partition()] = gone.offset() + 1;
        }
    }

    /** Whether everything after these offsets, and their being none of the future, is known here. */
    synchronized boolean holds(Map<Integer, Long> next) {
        return next.entrySet().stream()
                .allMatch(each -> each.getValue() >= first[each.getKey()] && each.getValue() <= end[each.getKey()]);
    }

    /** Whether everything from this offset on is here. */
    synchronized boolean reaches(int partition, long offset) {
        return offset >= first[partition];
    }

    /**
     * The number to read on from for one who is at these offsets.
     *
     * @param next per partition; below zero where it is not followed
     * @return below zero where something of it is not here any more
     */
    synchronized long join(long[] next) {
        int behind = 0;
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0 && next[partition] < first[partition]) {
                return -1;
            }
            behind += next[partition] >= 0 && next[partition] < end[partition] ? 1 : 0;
        }
        boolean[] found = new boolean[next.length];
        long number = newest;
        while (behind > 0 && number > oldest) {
            FeedRecord record = slots.get(slot(number - 1));
            int partition = record == null ? 0 : record.partition();
            boolean passed = record != null && next[partition] >= 0 && record.offset() < next[partition];
            if (passed && !found[partition] && next[partition] < end[partition]) {
                found[partition] = true;
                behind--;
            }
            if (behind > 0) {
                number--;
            }
        }
        return number;
    }

    /** Lets one that has read everything wait; {@code false} where there is more by now. */
    synchronized boolean park(FeedPlace place, long number) {
        if (number != newest) {
            return false;
        }
        place.park(end);
        return true;
    }

    /** Lets one that waits go on with what it was called for; {@code false} where it was not. */
    synchronized boolean leave(FeedPlace place) {
        return place.leave();
    }

    /** Moves one that waits over what it does not want. */
    synchronized void pass(FeedPlace place) {
        place.passWhereItWaits(end);
    }
}
