package io.tokenbroker.pipeline;

import java.util.function.LongConsumer;

/**
 * How much of the log is inside the pipeline. Records are asked for only while there is room, so a backlog waits in
 * Kafka and memory stays flat. Thread-safe.
 */
public final class Admission {

    private static final int BYTES_PER_UNIT = 16 * 1024;

    private final long max;
    private long inside;
    private long asked;
    private LongConsumer request = n -> {};

    Admission(long max) {
        this.max = max;
    }

    /** A new subscription to the log begins; what an earlier one was asked for will not come. */
    public void open(LongConsumer newRequest) {
        synchronized (this) {
            request = newRequest;
            asked = 0;
        }
        topUp();
    }

    /** What one record takes of the room. */
    static int costOf(RawRecord record) {
        return 1 + record.size() / BYTES_PER_UNIT;
    }

    void arrived(int cost) {
        synchronized (this) {
            asked = Math.max(0, asked - 1);
            inside += cost;
        }
    }

    /** A record came for a partition that was given up meanwhile. */
    public void skipped() {
        arrived(0);
        topUp();
    }

    void release(int cost) {
        if (cost > 0) {
            synchronized (this) {
                inside -= cost;
            }
        }
        topUp();
    }

    synchronized long inside() {
        return inside;
    }

    private void topUp() {
        long more;
        LongConsumer target;
        synchronized (this) {
            more = max - inside - asked;
            boolean worthIt = more >= Math.max(1, max / 8) || (more > 0 && asked == 0);
            if (!worthIt) {
                return;
            }
            asked += more;
            target = request;
        }
        target.accept(more);
    }
}
