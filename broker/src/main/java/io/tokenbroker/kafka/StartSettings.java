package io.tokenbroker.kafka;

import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a group begins that has no offsets yet.
 *
 * @param startFrom {@code earliest} applies the whole history of the input, {@code latest} only what comes from now on
 */
@ConfigurationProperties("tokenbroker.lifecycle")
record StartSettings(@DefaultValue("earliest") StartFrom startFrom) {

    enum StartFrom {
        EARLIEST,
        LATEST;

        /** In Kafka's words. */
        String offsetReset() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
