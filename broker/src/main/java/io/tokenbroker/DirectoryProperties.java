package io.tokenbroker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The directory, as set.
 *
 * @param deletedRetention how long the entry of a deleted user is kept; 1 hour to 10 years, and never shorter than the
 *     input's own retention where that is bounded
 */
@ConfigurationProperties("tokenbroker.directory")
record DirectoryProperties(@DefaultValue("30d") Duration deletedRetention) {

    DirectoryProperties {
        Bounds.check(
                "tokenbroker.directory.deleted-retention",
                deletedRetention,
                Duration.ofHours(1),
                Duration.ofDays(3650));
    }
}
