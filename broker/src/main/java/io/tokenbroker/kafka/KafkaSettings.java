package io.tokenbroker.kafka;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach Kafka.
 *
 * @param properties passed to every client under Kafka's own names, such as {@code security.protocol}; what the broker
 *     relies on, such as {@code acks}, stays as it is
 * @param groupId the consumer group, and the beginning of every transactional id
 */
@ConfigurationProperties("tokenbroker.kafka")
record KafkaSettings(
        @DefaultValue("localhost:9092") String bootstrapServers,
        @Nullable Map<String, String> properties,
        @DefaultValue("tokenbroker") String groupId) {

    KafkaSettings {
        properties = properties == null ? Map.of() : Map.copyOf(properties);
        require("bootstrap-servers", bootstrapServers);
        require("group-id", groupId);
    }

    Map<String, String> clientProperties() {
        return properties == null ? Map.of() : properties;
    }

    private static void require(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("tokenbroker.kafka." + name + " is empty; allowed: anything but that");
        }
    }

    /** Names the properties only: passwords are among their values. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", group " + groupId + ", properties "
                + new TreeSet<>(clientProperties().keySet()) + "]";
    }
}
