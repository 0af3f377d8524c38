package io.tokenbroker.kafka;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The topics' names, and how those are made that are not there yet.
 *
 * @param partitions of topics the broker makes, where the input log is not there to give the count
 * @param replicationFactor of topics the broker makes; -1 for Kafka's own default
 */
@ConfigurationProperties("tokenbroker.topics")
record TopicSettings(
        @DefaultValue("user-lifecycle") String lifecycle,
        @DefaultValue("identity-directory") String directory,
        @DefaultValue("token-events") String events,
        @DefaultValue("user-lifecycle.dead-letters") String deadLetters,
        @DefaultValue("replay-jobs") String replayJobs,
        @DefaultValue("create-intents") String createIntents,
        @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replicationFactor) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final int MOST_PARTITIONS = 10_000;

    TopicSettings {
        Set<String> names = new HashSet<>();
        for (String name : List.of(lifecycle, directory, events, deadLetters, replayJobs, createIntents)) {
            if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException(
                        "tokenbroker.topics has '" + name + "'; allowed: 1 to 249 of a-z A-Z 0-9 . _ -");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException(
                        "tokenbroker.topics has '" + name + "' twice; allowed: a topic of its own for each");
            }
        }
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException(
                    "tokenbroker.topics.partitions is " + partitions + "; allowed: 1 to " + MOST_PARTITIONS);
        }
        if (replicationFactor == 0 || replicationFactor < -1) {
            throw new IllegalArgumentException("tokenbroker.topics.replication-factor is " + replicationFactor
                    + "; allowed: -1 for Kafka's default, or at least 1");
        }
    }
}
