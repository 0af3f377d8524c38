package io.tokenbroker.acs;

/**
 * The quota of one operation, kept so that no window of its length ever holds more calls than the limit, whenever within
 * a call ACS counts it: a slot is held from before the call until one window after its end. Not thread-safe; times are
 * nanoseconds of one clock that never goes back.
 */
final class QuotaWindow {

    private final int limit;
    private final long windowNanos;
    private double share = 1;
    private int held;
    private long[] ended = new long[16];
    private int oldest;
    private int count;

    QuotaWindow(int limit, long windowNanos) {
        this.limit = limit;
        this.windowNanos = windowNanos;
    }

    /** @param share this instance's part of the limit, over 0 and up to 1 */
    void share(double share) {
        this.share = share;
    }

    /** This instance's part of the limit, at least one call. */
    int limit() {
        return Math.max(1, (int) Math.floor(limit * share + 1e-9));
    }

    /** Nanoseconds from call to call at an even pace. */
    long evenPace() {
        return windowNanos / limit();
    }

    boolean hasRoom(long now) {
        return hasRoom(now, 0);
    }

    /** Whether there is room and as many slots as {@code spare} are left besides. */
    boolean hasRoom(long now, int spare) {
        forgetOld(now);
        return held + count < limit() - spare;
    }

    /** When there is room, as far as it depends on time alone; {@link Long#MAX_VALUE} where a call has to end first. */
    long roomAt(long now, int spare) {
        if (hasRoom(now, spare)) {
            return now;
        }
        int tooMany = held + count - limit() + spare + 1;
        return tooMany > count ? Long.MAX_VALUE : ended[at(tooMany - 1)] + windowNanos;
    }

    void take() {
        held++;
    }

    /** The call was not made. */
    void giveBack() {
        held--;
    }

    /** The call ended; its slot is free again a window later. */
    void ended(long now) {
        held--;
        if (count == ended.length) {
            long[] more = new long[ended.length * 2];
            for (int i = 0; i < count; i++) {
                more[i] = ended[at(i)];
            }
            ended = more;
            oldest = 0;
        }
        ended[at(count)] = now;
        count++;
    }

    /** Slots of calls that have not ended. */
    int held() {
        return held;
    }

    int used(long now) {
        forgetOld(now);
        return held + count;
    }

    private void forgetOld(long now) {
        while (count > 0 && ended[oldest] + windowNanos <= now) {
            oldest = at(1);
            count--;
        }
    }

    private int at(int index) {
        return (oldest + index) % ended.length;
    }
}
