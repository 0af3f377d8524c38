package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The broker's directory in a Kafka of its own, written and restored as the broker does it. It lies in the broker's
 * package because what it measures is nobody else's to call.
 */
public final class DirectoryTopic implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final KafkaClients clients;
    private final TopicFacts topics;
    private final Admin admin;

    /** Makes the broker's topics. */
    public DirectoryTopic(String bootstrapServers, int partitions) {
        clients = new KafkaClients(new KafkaSettings(bootstrapServers, Map.of(), "bench"));
        topics = new TopicSetup(
                        clients,
                        new TopicSettings(
                                "user-lifecycle",
                                "identity-directory",
                                "token-events",
                                "user-lifecycle.dead-letters",
                                "replay-jobs",
                                "create-intents",
                                partitions,
                                (short) -1))
                .prepare();
        admin = clients.openAdmin("bench");
    }

    /** Writes each entry to its partition, outside any transaction; answers the bytes of keys and values. */
    public long write(Iterable<DirectoryEntry> entries) {
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(clients.producer("bench"))) {
            for (DirectoryEntry entry : entries) {
                byte[] key = entry.userId().utf8();
                byte[] value = EntryCodec.encode(entry);
                bytes += key.length + value.length;
                var unused = producer.send(new ProducerRecord<>(
                        topics.directory().name(), topics.partitioning().of(key), key, value));
            }
            producer.flush();
        }
        return bytes;
    }

    public List<TopicPartition> partitions() {
        return IntStream.range(0, topics.directory().partitions())
                .mapToObj(partition -> new TopicPartition(topics.directory().name(), partition))
                .toList();
    }

    /** Fills the view by the broker's own tail; returns when it holds everything committed. */
    public void restore(DirectoryView view) {
        ViewProgress progress = new ViewProgress();
        try (DirectoryTail tail =
                new DirectoryTail(clients.consumer("tail"), topics, view, new CreateIntents(), progress)) {
            KafkaDirectory directory = new KafkaDirectory(
                    topics, new EndOffsets(admin, PATIENCE), progress, view, tail, Clock.systemUTC());
            tail.start();
            directory.caughtUp(() -> {}).block(LONGEST);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
