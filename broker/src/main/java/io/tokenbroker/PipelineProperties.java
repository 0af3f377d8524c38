package io.tokenbroker;

import io.tokenbroker.pipeline.PipelineSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of the pipeline, as set.
 *
 * @param maxAdmitted records taken in and not yet done; 100 to 1,000,000
 * @param maxInFlight calls to ACS at a time; 1 to 10,000
 * @param commitInterval least time between two transactions of a partition; 0 to 1 s
 * @param drainTimeout how long a partition to be given back waits for calls under way; 0 to 10 s
 */
@ConfigurationProperties("tokenbroker.pipeline")
record PipelineProperties(
        @DefaultValue("5000") int maxAdmitted,
        @DefaultValue("500") int maxInFlight,
        @DefaultValue("10ms") Duration commitInterval,
        @DefaultValue("5s") Duration drainTimeout,
        @DefaultValue Retry retry) {

    /**
     * @param maxAttempts failures, not counting those during which ACS answered nobody, until an event is parked; 1 to 100
     * @param firstBackoff wait after the first failure, doubled after each further one; 10 ms to 1 min
     * @param maxBackoff the longest wait; 10 ms to 10 min
     */
    record Retry(
            @DefaultValue("8") int maxAttempts,
            @DefaultValue("200ms") Duration firstBackoff,
            @DefaultValue("30s") Duration maxBackoff) {

        Retry {
            Bounds.check("tokenbroker.pipeline.retry.max-attempts", maxAttempts, 1, 100);
            Bounds.check(
                    "tokenbroker.pipeline.retry.first-backoff",
                    firstBackoff,
                    Duration.ofMillis(10),
                    Duration.ofMinutes(1));
            Bounds.check(
                    "tokenbroker.pipeline.retry.max-backoff",
                    maxBackoff,
                    Duration.ofMillis(10),
                    Duration.ofMinutes(10));
        }
    }

    PipelineProperties {
        Bounds.check("tokenbroker.pipeline.max-admitted", maxAdmitted, 100, 1_000_000);
        Bounds.check("tokenbroker.pipeline.max-in-flight", maxInFlight, 1, 10_000);
        Bounds.check("tokenbroker.pipeline.commit-interval", commitInterval, Duration.ZERO, Duration.ofSeconds(1));
        Bounds.check("tokenbroker.pipeline.drain-timeout", drainTimeout, Duration.ZERO, Duration.ofSeconds(10));
    }

    PipelineSettings toSettings() {
        return new PipelineSettings(
                maxAdmitted,
                commitInterval,
                drainTimeout,
                new PipelineSettings.RetryPolicy(retry.maxAttempts(), retry.firstBackoff(), retry.maxBackoff()));
    }
}
