package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.EventTypes;
import io.tokenbroker.kafka.TopicPlan.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.yaml.snakeyaml.Yaml;

/** Holds the topics of the AsyncAPI document against those the broker makes, and the other way round. */
class TopicContractTest {

    /** Of a topic's settings, those that AsyncAPI's binding for Kafka has words for. */
    private static final List<String> TOLD = List.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.RETENTION_MS_CONFIG, TopicConfig.DELETE_RETENTION_MS_CONFIG);

    private static final int ANY_COUNT = 12;

    @Test
    void everyTopicIsDescribedAsItIsMadeAndNoOtherIs() throws IOException {
        assertThat(described(document())).isEqualTo(made());
    }

    @Test
    void aTopicThatIsMissingOrDescribedOtherwiseIsNoticed() throws IOException {
        Map<String, Object> document = document();
        map(document, "channels").remove("createIntents");
        map(document, "channels", "deadLetters", "bindings", "kafka", "topicConfiguration")
                .put(TopicConfig.RETENTION_MS_CONFIG, 1);

        Map<String, String> described = described(document);

        assertThat(described).doesNotContainKey("create-intents");
        assertThat(described.get("user-lifecycle.dead-letters"))
                .isNotEqualTo(made().get("user-lifecycle.dead-letters"));
    }

    private static Map<String, String> made() {
        TopicSettings settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("tokenbroker.topics", TopicSettings.class);
        return TopicPlan.of(settings, ANY_COUNT).stream()
                .collect(Collectors.toMap(
                        Wanted::name,
                        topic -> told(
                                topic.configuration(), topic.partitions() == ANY_COUNT ? null : topic.partitions()),
                        (one, other) -> other,
                        TreeMap::new));
    }

    private static Map<String, String> described(Map<String, Object> document) {
        Map<String, String> topics = new TreeMap<>();
        map(document, "channels").values().forEach(value -> {
            Map<String, Object> channel = map(value);
            Map<String, Object> bindings = map(channel, "bindings");
            Object reference = bindings.get("$ref");
            if (reference != null) {
                bindings = map(document, reference.toString().substring(2).split("/"));
            }
            Map<String, Object> kafka = map(bindings, "kafka");
            topics.put(
                    String.valueOf(channel.get("address")),
                    told(map(kafka, "topicConfiguration"), kafka.get("partitions")));
        });
        return topics;
    }

    private static String told(Map<String, ?> configuration, @Nullable Object partitions) {
        String settings = TOLD.stream()
                .filter(configuration::containsKey)
                .map(name -> name + "=" + configuration.get(name))
                .collect(Collectors.joining(" "))
                .replaceAll("[\\[\\]]", "");
        return partitions == null ? settings : settings + " partitions=" + partitions;
    }

    private static Map<String, Object> document() throws IOException {
        try (InputStream in = EventTypes.asyncApi().openStream()) {
            return map(new Yaml().load(in));
        }
    }

    private static Map<String, Object> map(Map<String, Object> from, String... path) {
        Map<String, Object> at = from;
        for (String step : path) {
            at = map(at.get(step));
        }
        return at;
    }

    @SuppressWarnings("unchecked") // YAML's keys are text here, or the test fails
    private static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }
}
