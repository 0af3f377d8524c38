package io.tokenbroker.acs;

/**
 * How many calls may be in flight: the most allowed while ACS keeps up, and fewer when it does not. A create that is not
 * answered in time may have been done all the same, so calling on at full width while answers are late leaves orphans and
 * keeps ACS busy with work nobody waits for. The limit follows TCP's congestion control: halved by what is not answered,
 * once for all that were under way together, small after an outage; it grows by one with each answer up to half of what
 * was too much, and from there by one in a round. Calls that an outage left hanging take no place of those made after it:
 * they may hang for as long as a call may take, and nobody would try meanwhile.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5681">RFC 5681</a>
 */
final class InFlightLimit {

    /** So few that ACS answers them if it answers at all. */
    static final int FEWEST = 10;

    private final int most;
    private final int fewest;
    private double limit;
    private double threshold;
    private long shrunkAt = Long.MIN_VALUE;
    private long begunAnewAt = Long.MIN_VALUE;
    private int hanging;

    InFlightLimit(int most) {
        this.most = most;
        this.fewest = Math.min(most, FEWEST);
        this.limit = most;
        this.threshold = most;
    }

    int get() {
        return (int) limit;
    }

    /** How many of those in flight were left by an outage. */
    int hanging() {
        return hanging;
    }

    boolean hasPlace(int inFlight) {
        return inFlight < most && inFlight - hanging < get();
    }

    /** A call is no longer in flight, however it ended. */
    void ended(long calledAt) {
        if (hanging > 0 && calledAt <= begunAnewAt) {
            hanging--;
        }
    }

    void answered() {
        limit = Math.min(most, limit + (limit < threshold ? 1 : 1 / limit));
    }

    /** @param calledAt when the call that was not answered was made: one made at a wider limit says nothing of this one */
    void unanswered(long calledAt, long now) {
        if (calledAt > shrunkAt) {
            threshold = Math.max(fewest, limit / 2);
            limit = threshold;
            shrunkAt = now;
        }
    }

    /** ACS could not be used at all: how much it bears is found out anew. */
    void begunAnew(long now, int inFlight) {
        limit = fewest;
        shrunkAt = now;
        begunAnewAt = now;
        hanging = inFlight;
    }
}
