package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingsTest {

    private static KafkaSettings kafka(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("tokenbroker.kafka", KafkaSettings.class);
    }

    private static TopicSettings topics(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("tokenbroker.topics", TopicSettings.class);
    }

    @Test
    void everySettingHasADefault() {
        assertThat(kafka(Map.of())).isEqualTo(new KafkaSettings("localhost:9092", Map.of(), "tokenbroker"));
        assertThat(topics(Map.of()))
                .isEqualTo(new TopicSettings(
                        "user-lifecycle",
                        "identity-directory",
                        "token-events",
                        "user-lifecycle.dead-letters",
                        "replay-jobs",
                        "create-intents",
                        12,
                        (short) -1));
    }

    @Test
    void secretsAmongThePropertiesAreNeverPrinted() {
        KafkaSettings settings = kafka(Map.of("tokenbroker.kafka.properties.sasl.jaas.config", "password=hunter2"));

        assertThat(settings.clientProperties()).containsEntry("sasl.jaas.config", "password=hunter2");
        assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
        assertThat(new KafkaClients(settings).toString()).doesNotContain("hunter2");
    }

    @Test
    void propertiesReachEveryClientThatKnowsThemButNotWhatTheBrokerReliesOn() {
        KafkaClients clients = new KafkaClients(new KafkaSettings(
                "here:1",
                Map.of(
                        "security.protocol",
                        "SSL",
                        "acks",
                        "0",
                        "linger.ms",
                        "7",
                        "fetch.min.bytes",
                        "9",
                        "group.id",
                        "x"),
                "g"));

        assertThat(clients.producer("p"))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, "7")
                .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "g-p")
                .doesNotContainKeys("fetch.min.bytes", "group.id");
        assertThat(clients.consumer("c"))
                .containsEntry("security.protocol", "SSL")
                .containsEntry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "9")
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .doesNotContainKeys("linger.ms", "group.id");
        assertThat(clients.admin("a"))
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKeys("linger.ms", "fetch.min.bytes");
    }

    @Test
    void aBadSettingIsNamedWithItsValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> topics(Map.of("tokenbroker.topics.partitions", "0")))
                .hasRootCauseMessage("tokenbroker.topics.partitions is 0; allowed: 1 to 10000");
        assertThatThrownBy(() -> topics(Map.of("tokenbroker.topics.replication-factor", "0")))
                .hasRootCauseMessage(
                        "tokenbroker.topics.replication-factor is 0; allowed: -1 for Kafka's default, or at least 1");
        assertThatThrownBy(() -> topics(Map.of("tokenbroker.topics.events", "a b")))
                .rootCause()
                .hasMessageContaining("'a b'");
        assertThatThrownBy(() -> topics(Map.of("tokenbroker.topics.events", "user-lifecycle")))
                .rootCause()
                .hasMessageContaining("twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaSettings(" ", Map.of(), "g"))
                .withMessageContaining("bootstrap-servers");
    }
}
