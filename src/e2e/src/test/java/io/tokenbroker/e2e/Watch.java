package io.tokenbroker.e2e;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A reader of committed records that is there all the time, so that it has seen what is compacted later: who each create
 * and each identity was for, and when each partition of the directory moved.
 */
final class Watch implements AutoCloseable {
    /** A partition of the directory in which nothing happened for a while. */
    record Pause(int partition, Instant from, Instant to) {
        Duration length() {
            return Duration.between(from, to);
        }

        /** What is left of it when that time is excused. */
        Duration lengthWithout(List<Window> excused) {
            Duration left = length();
            for (Window window : excused) {
                Instant begin = window.from().isAfter(from) ? window.from() : from;
                Instant end = window.to().isBefore(to) ? window.to() : to;
                if (begin.isBefore(end)) {
                    left = left.minus(Duration.between(begin, end));
                }
            }
            return left;
        }
    }

    record Window(Instant from, Instant to) {}

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::watch, "watch");
    private final Map<String, String> usersByRequest = new HashMap<>();
    private final Map<String, String> usersByIdentity = new HashMap<>();
    private final Set<String> outcomes = new HashSet<>();
    private final List<String> toldTwice = new ArrayList<>();
    private final Map<Integer, Instant> lastMoved = new HashMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final int directoryPartitions;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    Watch(Stack stack) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stack.kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(Topic.DIRECTORY, Topic.OUTCOMES, Topic.INTENTS).stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        directoryPartitions = (int) partitions.stream()
                .filter(partition -> partition.topic().equals(Topic.DIRECTORY))
                .count();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.start();
    }

    private void watch() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    synchronized (this) {
                        see(record, Instant.now());
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void see(ConsumerRecord<byte[], byte[]> record, Instant now) {
        switch (record.topic()) {
            case Topic.DIRECTORY -> {
                seeEntry(record);
                Instant before = lastMoved.put(record.partition(), now);
                if (before != null && before.isBefore(now.minusSeconds(1))) {
                    pauses.add(new Pause(record.partition(), before, now));
                }
            }
            case Topic.OUTCOMES -> seeOutcome(record);
            default -> seeIntent(record);
        }
    }

    private void seeOutcome(ConsumerRecord<byte[], byte[]> record) {
        String id = requireNonNull(Topic.header(record, "ce_id"));
        if (!outcomes.add(id)) {
            toldTwice.add(id);
        }
    }

    private void seeEntry(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null) {
            var entry = DirectoryLog.Entry.of(Http.JSON.readTree(record.value()));
            usersByIdentity.put(entry.identityId(), entry.userId());
            entry.doomed().forEach(identity -> usersByIdentity.put(identity, entry.userId()));
        }
    }

    private void seeIntent(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null) {
            for (JsonNode attempt : Http.JSON.readTree(record.value()).path("attempts")) {
                usersByRequest.put(attempt.path("id").asString(""), Topic.utf8(record.key()));
            }
        }
    }

    /** One that no longer watches sees nothing wrong. */
    private void requireAwake() {
        if (failure != null) {
            throw new AssertionError("the watch ended, and with it what it was to see", failure);
        }
    }

    /** Of which user each create was, by the id of its request. */
    synchronized Map<String, String> usersByRequest() {
        requireAwake();
        return Map.copyOf(usersByRequest);
    }

    /** Whose each identity was, that any entry ever named. */
    synchronized Map<String, String> usersByIdentity() {
        requireAwake();
        return Map.copyOf(usersByIdentity);
    }

    synchronized List<String> toldTwice() {
        requireAwake();
        return List.copyOf(toldTwice);
    }

    /** Whether each partition of the directory has moved once: from then on none pauses without being seen. */
    synchronized boolean sawAllMove() {
        return lastMoved.size() == directoryPartitions;
    }

    /** Those over a second, until the last thing that happened. */
    synchronized List<Pause> pauses() {
        requireAwake();
        return List.copyOf(pauses);
    }

    @Override
    public void close() {
        closed = true;
    }
}
