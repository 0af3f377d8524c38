package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.kafka.StartSettings.StartFrom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLagTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final byte[] EVENT = new byte[8];

    private final TopicFacts topics = TestCluster.prepared();
    private final KafkaClients clients =
            new KafkaClients(new KafkaSettings(TestCluster.bootstrapServers(), Map.of(), "lag-" + UUID.randomUUID()));
    private @Nullable LogLag lag;

    @AfterEach
    void stop() {
        if (lag != null) {
            lag.stop();
        }
    }

    @Test
    void itCountsFromWhatTheGroupHasCommittedAndTellsTheAgeOfTheOldestRecord() {
        long now = System.currentTimeMillis();
        write(0, now - 500_000);
        write(0, now - 300_000);
        write(0, now);
        write(1, now - 90_000);
        commit(0, 1);
        LogLag found = started(StartFrom.EARLIEST);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(found.records()).isEqualTo(3);
            assertThat(found.oldestSeconds()).isCloseTo(300, within(30.0));
        });

        commit(0, 3);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(found.records()).isEqualTo(1);
            assertThat(found.oldestSeconds()).isCloseTo(90, within(30.0));
        });

        commit(1, 1);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(found.records()).isZero();
            assertThat(found.oldestSeconds()).isZero();
        });
    }

    @Test
    void theMarkOfATransactionIsNoLag() {
        try (var producer = new KafkaProducer<byte[], byte[]>(transactional())) {
            producer.initTransactions();
            producer.beginTransaction();
            var unusedAsTheCommitWaitsForIt =
                    producer.send(new ProducerRecord<>(topics.lifecycle().name(), 0, null, EVENT));
            producer.commitTransaction();
        }
        LogLag found = started(StartFrom.EARLIEST);
        await().atMost(SOON).untilAsserted(() -> assertThat(found.records()).isEqualTo(2));

        commit(0, 1);

        await().atMost(SOON).untilAsserted(() -> assertThat(found.records()).isZero());
    }

    @Test
    void aGroupThatBeginsAtTheEndHasNothingToCatchUpWith() {
        write(0, System.currentTimeMillis());
        LogLag found = started(StartFrom.LATEST);

        await().atMost(SOON).untilAsserted(() -> assertThat(found.records()).isZero());
    }

    @Test
    void whatIsNotKnownIsNoNumber() {
        LogLag never = new LogLag(clients, StartFrom.EARLIEST, topics, Duration.ofHours(1), Clock.systemUTC());

        assertThat(never.records()).isNaN();
        assertThat(never.oldestSeconds()).isNaN();
    }

    private LogLag started(StartFrom startFrom) {
        LogLag made = new LogLag(clients, startFrom, topics, Duration.ofMillis(200), Clock.systemUTC());
        made.start();
        lag = made;
        return made;
    }

    private void write(int partition, long time) {
        TestCluster.write(new ProducerRecord<>(topics.lifecycle().name(), partition, time, null, EVENT));
    }

    private Map<String, Object> transactional() {
        Map<String, Object> properties = clients.producer("test");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
        return properties;
    }

    private void commit(int partition, long offset) {
        Map<String, Object> properties = clients.consumer("test");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, clients.groupId());
        try (var consumer = new KafkaConsumer<byte[], byte[]>(properties)) {
            consumer.commitSync(
                    Map.of(new TopicPartition(topics.lifecycle().name(), partition), new OffsetAndMetadata(offset)));
        }
    }
}
