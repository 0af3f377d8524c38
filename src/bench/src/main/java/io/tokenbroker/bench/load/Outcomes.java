package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader of committed outcomes, who notes when the one that each event caused was there to be seen. */
final class Outcomes implements AutoCloseable {

    private static final String OUTCOMES = "token-events";
    private static final String DEAD_LETTERS = "user-lifecycle.dead-letters";

    private final Map<String, Long> seenAt = new ConcurrentHashMap<>();
    private final AtomicInteger deadLetters = new AtomicInteger();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;

    /** Returns once it stands at the end of the topics. */
    Outcomes(String bootstrapServers) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(OUTCOMES, DEAD_LETTERS)) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = Thread.ofPlatform().name("outcomes").start(this::read);
    }

    private void read() {
        try {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    Header cause = record.headers().lastHeader("ce_causationid");
                    if (record.topic().equals(DEAD_LETTERS)) {
                        deadLetters.incrementAndGet();
                    } else if (cause != null) {
                        seenAt.putIfAbsent(new String(cause.value(), UTF_8), System.nanoTime());
                    }
                }
            }
        } catch (WakeupException closing) {
            consumer.close();
        }
    }

    /** Which of the events have an outcome, and since when by {@link System#nanoTime()}. */
    Map<String, Long> of(Set<String> events) {
        Map<String, Long> found = new ConcurrentHashMap<>(seenAt);
        found.keySet().retainAll(events);
        return found;
    }

    int deadLetters() {
        return deadLetters.get();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
