package io.tokenbroker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How replays are applied, as set.
 *
 * @param window users asked for and not done; 1 to 100,000, and never more than half of what the pipeline admits
 * @param keepJobs jobs that are over and still listed; 1 to 10,000
 */
@ConfigurationProperties("tokenbroker.replay")
record ReplayProperties(
        @DefaultValue("2000") int window,
        @DefaultValue("100") int keepJobs) {

    ReplayProperties {
        Bounds.check("tokenbroker.replay.window", window, 1, 100_000);
        Bounds.check("tokenbroker.replay.keep-jobs", keepJobs, 1, 10_000);
    }
}
