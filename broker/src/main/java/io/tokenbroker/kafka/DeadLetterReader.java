package io.tokenbroker.kafka;

import io.tokenbroker.pipeline.DeadLetters.Listed;
import io.tokenbroker.pipeline.DeadLetters.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the dead-letter topic with a consumer that lives as long as the reading. Blocks. */
final class DeadLetterReader {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, Object> properties;
    private final TopicFacts.Topic topic;

    DeadLetterReader(TopicFacts topics, KafkaClients clients) {
        this.topic = topics.deadLetters();
        this.properties = clients.consumer("dead-letters");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
    }

    /** At most {@code most} dead letters by partition and offset; what is none is left out. */
    List<Listed> read(Place from, int most) {
        List<Listed> found = new ArrayList<>();
        walk(from, topic.partitions() - 1, record -> {
            DeadLetterCodec.toListed(record).ifPresent(found::add);
            return found.size() < most;
        });
        return found;
    }

    /** The record at exactly that place. */
    Optional<ConsumerRecord<byte[], byte[]>> find(Place place) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        if (place.partition() >= 0 && place.partition() < topic.partitions() && place.offset() >= 0) {
            walk(place, place.partition(), record -> {
                if (record.offset() == place.offset()) {
                    found.add(record);
                }
                return false;
            });
        }
        return found.stream().findFirst();
    }

    /** @param more whether to go on after this record */
    private void walk(Place from, int lastPartition, Predicate<ConsumerRecord<byte[], byte[]>> more) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<TopicPartition> partitions = IntStream.rangeClosed(Math.max(0, from.partition()), lastPartition)
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        if (partitions.isEmpty()) {
            return;
        }
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            Map<TopicPartition, Long> firsts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                long first = firsts.getOrDefault(partition, 0L);
                long start = partition.partition() == from.partition() ? Math.max(first, from.offset()) : first;
                if (!walk(consumer, partition, start, ends.getOrDefault(partition, first), deadline, more)) {
                    return;
                }
            }
        }
    }

    private static boolean walk(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long start,
            long end,
            long deadline,
            Predicate<ConsumerRecord<byte[], byte[]>> more) {
        if (start >= end) {
            return true;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        // the position passes what is no record: the marks that end transactions
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("the dead letters could not be read in time");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!more.test(record)) {
                    return false;
                }
            }
        }
        return true;
    }
}
