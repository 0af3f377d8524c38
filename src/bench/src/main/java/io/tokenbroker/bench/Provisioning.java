package io.tokenbroker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends {@code user.created} events of new users and watches for their {@code identity.provisioned}, as a client that
 * reads committed records sees it. An outcome that comes twice, or that nobody waits for, is an error.
 */
final class Provisioning implements AutoCloseable {

    private static final String CREATED = "tokenbroker.user.created.v1";
    private static final String PROVISIONED = "tokenbroker.identity.provisioned.v1";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    Provisioning(String bootstrapServers) {
        Map<String, Object> reading =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        Map<String, Object> writing = Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 1);
        consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
        List<TopicPartition> partitions = consumer.partitionsFor("token-events").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        producer.partitionsFor("user-lifecycle");
    }

    /** Appends the events as fast as it can; returns the time from before the first append to the last outcome. */
    Duration backlog(int events) {
        Run run = new Run(events, 0);
        for (int i = 0; i < events; i++) {
            run.append(i);
        }
        producer.flush();
        while (run.missing > 0) {
            run.read(Duration.ofMillis(100));
        }
        return Duration.ofNanos(System.nanoTime() - run.start);
    }

    /** Appends the events at an even pace; returns for each the nanoseconds from when it was due to its outcome. */
    long[] paced(int events, int perSecond) {
        Run run = new Run(events, 1_000_000_000L / perSecond);
        var unused = Thread.ofPlatform().daemon().name("append").start(() -> {
            for (int i = 0; i < events; i++) {
                for (long rest = run.due(i) - System.nanoTime(); rest > 0; rest = run.due(i) - System.nanoTime()) {
                    LockSupport.parkNanos(rest);
                }
                run.append(i);
            }
        });
        while (run.missing > 0) {
            run.read(Duration.ofMillis(100));
        }
        return run.latencies;
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }

    /** One lot of events, numbered, each of a user of its own. */
    private final class Run {

        private final String prefix = UUID.randomUUID() + "-";
        private final long start = System.nanoTime();
        private final long pause;
        private final long[] latencies;
        private int missing;

        /** @param pause nanoseconds from event to event */
        Run(int events, long pause) {
            this.pause = pause;
            latencies = new long[events];
            missing = events;
        }

        long due(int event) {
            return start + event * pause;
        }

        void append(int event) {
            var unused = producer.send(created(prefix + event));
        }

        void read(Duration patience) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
                if (PROVISIONED.equals(header(record, "ce_type"))) {
                    arrived(new String(record.key(), UTF_8), System.nanoTime());
                }
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException(missing + " users were not provisioned in " + LIMIT);
            }
        }

        private void arrived(String user, long now) {
            int number = user.startsWith(prefix) ? Integer.parseInt(user.substring(prefix.length())) : -1;
            if (number < 0 || latencies[number] != 0) {
                throw new IllegalStateException("an outcome that nobody waits for: " + user);
            }
            latencies[number] = now - due(number);
            missing--;
        }
    }

    private static ProducerRecord<byte[], byte[]> created(String user) {
        var record = new ProducerRecord<byte[], byte[]>("user-lifecycle", user.getBytes(UTF_8), "{}".getBytes(UTF_8));
        Map<String, String> attributes = Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                user,
                "ce_source",
                "/bench",
                "ce_type",
                CREATED,
                "ce_subject",
                user,
                "content-type",
                "application/json");
        attributes.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
