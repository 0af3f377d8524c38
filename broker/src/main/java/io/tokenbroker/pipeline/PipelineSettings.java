package io.tokenbroker.pipeline;

import java.time.Duration;

/**
 * The bounds of the pipeline.
 *
 * @param maxAdmitted records taken in and not yet done, over all partitions; a large record counts for several
 * @param commitInterval least time between two transactions of a partition
 * @param drainTimeout how long a revoked partition waits for calls under way
 */
public record PipelineSettings(int maxAdmitted, Duration commitInterval, Duration drainTimeout, RetryPolicy retry) {

    /**
     * @param maxAttempts failed attempts, not counting those in which ACS answered nobody, before an event is parked
     * @param firstBackoff wait before the second attempt; doubles with each one
     * @param maxBackoff the longest wait between two attempts
     */
    public record RetryPolicy(int maxAttempts, Duration firstBackoff, Duration maxBackoff) {

        /** The wait after so many failures, drawn from the upper half of the doubled one. */
        Duration backoff(int failures, double random) {
            double doubled = firstBackoff.toNanos() * Math.pow(2, Math.min(failures - 1, 30));
            double capped = Math.min(doubled, (double) maxBackoff.toNanos());
            return Duration.ofNanos((long) (capped * (0.5 + random / 2)));
        }
    }
}
