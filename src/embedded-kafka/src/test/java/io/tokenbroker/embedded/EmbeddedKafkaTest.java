package io.tokenbroker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    private static final String TOPIC = "letters";

    @TempDir
    Path directory;

    @Test
    void shows_committed_records_and_hides_aborted_ones() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            createTopic(kafka);

            appendInTransaction(kafka, "aborted", false);
            appendInTransaction(kafka, "committed", true);

            assertThat(recordsOnceThereAre(1, kafka)).containsExactly("committed");
        }
    }

    @Test
    void goes_on_after_a_restart_where_it_was() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0, Map.of())) {
            createTopic(kafka);
            appendInTransaction(kafka, "before", true);
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0, Map.of())) {
            appendInTransaction(kafka, "after", true);

            assertThat(recordsOnceThereAre(2, kafka)).containsExactly("before", "after");
        }
    }

    @Test
    void says_that_its_port_is_taken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> EmbeddedKafka.start(directory, port, Map.of()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(BindException.class)
                    .hasMessageContaining("port " + port + " is taken");
        }
    }

    @Test
    void leaves_a_directory_alone_that_another_node_uses() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0, Map.of())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, 0, Map.of()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(directory + " is used by another Kafka");

            createTopic(kafka);
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
    }

    private static void appendInTransaction(EmbeddedKafka kafka, String value, boolean commit) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "key", value)).get(30, TimeUnit.SECONDS);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static List<String> recordsOnceThereAre(int count, EmbeddedKafka kafka) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        "test",
                        "auto.offset.reset",
                        "earliest",
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }
}
