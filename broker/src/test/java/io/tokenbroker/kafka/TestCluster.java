package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** One Kafka for all tests of this JVM; each test has topics of its own. */
final class TestCluster {

    static final int PARTITIONS = 3;

    private static final TestKafka KAFKA = start();

    private TestCluster() {}

    private static TestKafka start() {
        TestKafka kafka = TestKafka.start();
        Runtime.getRuntime().addShutdownHook(new Thread(kafka.stop()));
        return kafka;
    }

    /** What these tests run on. */
    static TestKafka.Kind kind() {
        return KAFKA.kind();
    }

    static String bootstrapServers() {
        return KAFKA.bootstrapServers();
    }

    static KafkaClients clients() {
        return new KafkaClients(new KafkaSettings(bootstrapServers(), Map.of(), "test"));
    }

    /** Topics of names nobody has used yet. */
    static TopicSettings topics() {
        String prefix = UUID.randomUUID().toString().substring(0, 8);
        return new TopicSettings(
                prefix + ".lifecycle",
                prefix + ".directory",
                prefix + ".events",
                prefix + ".dead",
                prefix + ".jobs",
                prefix + ".intents",
                PARTITIONS,
                (short) -1);
    }

    static TopicFacts prepared() {
        return new TopicSetup(clients(), topics()).prepare();
    }

    static Admin admin() {
        return clients().openAdmin("test");
    }

    static RecordMetadata write(ProducerRecord<byte[], byte[]> record) {
        try (var producer = new KafkaProducer<byte[], byte[]>(clients().producer("test"))) {
            return producer.send(record).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Everything committed in the topic; waits for the markers of transactions that were answered already. */
    static List<ConsumerRecord<byte[], byte[]>> read(TopicFacts.Topic topic) {
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(clients().consumer("test"))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = ends(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Of all that was written, committed or not yet. */
    private static Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        try (Admin admin = admin()) {
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
