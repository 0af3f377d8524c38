package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** What each topic has to be like, and how it is made where it is not there. */
final class TopicPlan {

    /**
     * @param compacted whether the topic keeps the last record of each key for ever; one that has to and does not, or
     *     the reverse, loses data
     */
    record Wanted(String name, int partitions, boolean compacted, Map<String, String> configuration) {

        NewTopic toCreate(short replicationFactor) {
            Optional<Short> replicas = replicationFactor < 0 ? Optional.empty() : Optional.of(replicationFactor);
            return new NewTopic(name, Optional.of(partitions), replicas).configs(configuration);
        }
    }

    private static final Map<String, String> COMPACTED = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            // small segments and an eager cleaner keep the restore short: only closed segments are compacted
            TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 * 1024 * 1024),
            TopicConfig.SEGMENT_MS_CONFIG, millis(Duration.ofHours(6)),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            // a reader that was away for days still learns who was forgotten
            TopicConfig.DELETE_RETENTION_MS_CONFIG, millis(Duration.ofDays(7)));

    private static final Map<String, String> DELETED =
            Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);

    private TopicPlan() {}

    /** @param partitions of the input log, which the directory and the intents must share */
    static List<Wanted> of(TopicSettings settings, int partitions) {
        return List.of(
                new Wanted(settings.lifecycle(), partitions, false, retained("-1")),
                new Wanted(settings.directory(), partitions, true, COMPACTED),
                new Wanted(settings.createIntents(), partitions, true, COMPACTED),
                new Wanted(settings.events(), partitions, false, DELETED),
                new Wanted(settings.deadLetters(), partitions, false, retained(millis(Duration.ofDays(14)))),
                new Wanted(settings.replayJobs(), 1, true, COMPACTED));
    }

    private static Map<String, String> retained(String millis) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                millis);
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }
}
