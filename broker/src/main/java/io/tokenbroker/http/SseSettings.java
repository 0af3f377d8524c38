package io.tokenbroker.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Server-sent events.
 *
 * @param heartbeat time between comments that keep a quiet stream open, 1 s to 60 s; who takes nothing for so long while
 *     something waits for it is cut off
 * @param maxStreams streams open at a time on this instance, 1 to 1,000,000
 * @param maxStreamsPerCaller streams one caller may have open on this instance, at least 1
 */
@ConfigurationProperties("tokenbroker.sse")
record SseSettings(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("10000") int maxStreams,
        @DefaultValue("20") int maxStreamsPerCaller) {

    /** @throws IllegalArgumentException naming the field, its value and what is allowed */
    SseSettings {
        boolean beats = heartbeat.toMillis() >= 1_000 && heartbeat.toMillis() <= 60_000;
        require(beats, "heartbeat", heartbeat, "1s to 60s");
        require(maxStreams >= 1 && maxStreams <= 1_000_000, "max-streams", maxStreams, "1 to 1000000");
        require(maxStreamsPerCaller >= 1, "max-streams-per-caller", maxStreamsPerCaller, "at least 1");
    }

    private static void require(boolean condition, String field, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("tokenbroker.sse." + field + " is '" + value + "'; allowed: " + allowed);
        }
    }
}
