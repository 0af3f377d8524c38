package io.tokenbroker.kafka;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long what is over is remembered.
 *
 * @param deletedRetention how long the entry of a deleted user is kept, 1 hour to 10 years; where the input log keeps
 *     its records for longer, that long
 */
@ConfigurationProperties("tokenbroker.directory")
record RetentionSettings(@DefaultValue("30d") Duration deletedRetention) {

    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(3650);

    RetentionSettings {
        if (deletedRetention.compareTo(LEAST) < 0 || deletedRetention.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("tokenbroker.directory.deleted-retention is " + deletedRetention
                    + "; allowed: " + LEAST + " to " + MOST);
        }
    }
}
