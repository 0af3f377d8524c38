package io.tokenbroker.acs;

/**
 * How many calls may be in flight: the most allowed while ACS keeps up, and fewer when it does not. A create that is not
 * answered in time may have been done all the same, so calling on at full width while answers are late leaves orphans and
 * keeps ACS busy with work nobody waits for. The limit follows TCP's congestion control: halved by what is not answered,
 * once for all that were under way together, small after an outage; it grows by one with each answer up to half of what
 * was too much, and from there by one in a round.
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

    InFlightLimit(int most) {
        this.most = most;
        this.fewest = Math.min(most, FEWEST);
        this.limit = most;
        this.threshold = most;
    }

    int get() {
        return (int) limit;
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
    void begunAnew(long now) {
        limit = fewest;
        shrunkAt = now;
    }
}
