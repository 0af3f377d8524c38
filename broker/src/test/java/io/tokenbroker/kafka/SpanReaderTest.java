package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.replay.ReplayRefused;
import io.tokenbroker.replay.ScanRange.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TopicFacts.Topic topic = TestCluster.prepared().lifecycle();
    private final TopicPartition partition = new TopicPartition(topic.name(), 0);
    private final Admin admin = TestCluster.admin();
    private final List<Long> read = new CopyOnWriteArrayList<>();

    /** A record at a time, so that what is left to fetch is known. */
    private final SpanReader reader = new SpanReader(
            topic,
            new KafkaClients(new KafkaSettings(
                    TestCluster.bootstrapServers(),
                    Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1"),
                    "test")),
            admin);

    @AfterEach
    void close() {
        admin.close();
    }

    private ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>(topic.name(), 0, null, new byte[100]);
    }

    private void write(int records) {
        for (int i = 0; i < records; i++) {
            TestCluster.write(record());
        }
    }

    private void read(int to, boolean acceptGap, Runnable atFirst) {
        reader.read(topic.id(), new Span(0, 0, to), acceptGap, ConsumerRecord::offset, offset -> {
            if (read.isEmpty()) {
                atFirst.run();
            }
            read.add(offset);
        });
    }

    private void retentionPasses(long offset) {
        try {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTransactionThatIsOpenIsWaitedFor() {
        write(1);
        Map<String, Object> properties = TestCluster.clients().producer("open");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic.name());
        try (var open = new KafkaProducer<byte[], byte[]>(properties)) {
            open.initTransactions();
            open.beginTransaction();
            var unused = open.send(record());
            open.flush();
            write(1);

            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(3, false, () -> {}));
            await().atMost(PATIENCE).until(() -> reading.isDone() || read.contains(0L));
            open.commitTransaction();

            assertThat(reading).succeedsWithin(PATIENCE);
        }
        assertThat(read).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whereGapsAreAcceptedItGoesOnWithWhatRetentionLeavesWhileItReads() {
        write(20);

        read(20, true, () -> retentionPasses(18));

        assertThat(read).startsWith(0L).endsWith(18L, 19L).doesNotContain(17L).isSorted();
    }

    @Test
    void whereGapsAreAcceptedItEndsWhereRetentionLeavesNothing() {
        write(20);

        read(20, true, () -> retentionPasses(20));

        assertThat(read).startsWith(0L).doesNotContain(19L);
    }

    @Test
    void whereGapsAreNotAcceptedRetentionThatPassesWhileItReadsIsARefusal() {
        write(20);

        assertThatThrownBy(() -> read(20, false, () -> retentionPasses(18)))
                .isInstanceOf(ReplayRefused.class)
                .hasMessageContaining("deleted by retention");
    }
}
