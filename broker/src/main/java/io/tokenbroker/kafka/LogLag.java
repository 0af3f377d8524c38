package io.tokenbroker.kafka;

import io.tokenbroker.kafka.StartSettings.StartFrom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * How far the group is behind in the input log, and how long the oldest record that is not done has been there. Kafka is
 * asked and not the pipeline, so that this is known of partitions that nobody owns too, and while nothing is read. The
 * figures are the whole group's, and about the same at every instance.
 */
final class LogLag {

    private static final Logger LOG = LoggerFactory.getLogger(LogLag.class);

    static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    /** @param oldest when the oldest record that is not done was written, in ms since the epoch */
    private record Found(double records, @Nullable Long oldest, long at) {}

    private final Map<String, Object> properties;
    private final StartFrom startFrom;
    private final List<TopicPartition> partitions;
    private final Duration every;
    private final Clock clock;
    private final JournalThread thread = new JournalThread("log-lag");
    private final Disposable.Swap looking = Disposables.swap();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile @Nullable Found found;

    LogLag(KafkaClients clients, StartFrom startFrom, TopicFacts topics, Duration every, Clock clock) {
        this.properties = clients.consumer("lag");
        // to read what the group has committed; who assigns partitions to itself becomes no member
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, clients.groupId());
        // of each partition one record is wanted
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 16 * 1024);
        this.startFrom = startFrom;
        this.partitions = IntStream.range(0, topics.lifecycle().partitions())
                .mapToObj(partition -> new TopicPartition(topics.lifecycle().name(), partition))
                .toList();
        this.every = every;
        this.clock = clock;
    }

    void start() {
        looking.update(Flux.interval(Duration.ZERO, every)
                .onBackpressureDrop()
                .concatMap(tick -> thread.run(this::look).onErrorComplete(), 1)
                .subscribe());
    }

    void stop() {
        looking.dispose();
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        thread.stop(this::close).onErrorComplete().subscribe();
    }

    /** Records from the first that is not done to the end; not a number while it is not known. */
    double records() {
        Found last = latest();
        return last == null ? Double.NaN : last.records();
    }

    /** Seconds since the oldest record that is not done was written, 0 where there is none; likewise. */
    double oldestSeconds() {
        Found last = latest();
        if (last == null) {
            return Double.NaN;
        }
        return last.oldest() == null ? 0 : Math.max(0, clock.millis() - last.oldest()) / 1000.0;
    }

    /** What is older than a few looks says nothing of now. */
    private @Nullable Found latest() {
        Found last = found;
        return last != null && clock.millis() - last.at() <= 3 * every.toMillis() + PATIENCE.toMillis() ? last : null;
    }

    private void look() {
        try {
            KafkaConsumer<byte[], byte[]> open = consumer == null ? opened() : consumer;
            consumer = open;
            found = measured(open);
        } catch (WakeupException stopping) {
            LOG.debug("no longer asked for");
        } catch (KafkaException e) {
            LOG.debug("the lag is not known now: {}", e.toString());
            close();
        }
    }

    private KafkaConsumer<byte[], byte[]> opened() {
        KafkaConsumer<byte[], byte[]> fresh = new KafkaConsumer<>(properties);
        fresh.assign(partitions);
        return fresh;
    }

    private Found measured(KafkaConsumer<byte[], byte[]> open) {
        Map<TopicPartition, Long> ends = open.endOffsets(partitions);
        Map<TopicPartition, Long> behind = behind(open, ends);
        Map<TopicPartition, Long> oldest = firstTimes(open, behind, ends);
        double records = oldest.keySet().stream()
                .mapToLong(partition -> ends.getOrDefault(partition, 0L) - behind.getOrDefault(partition, 0L))
                .sum();
        Long first = oldest.values().stream().min(Long::compare).orElse(null);
        return new Found(records, first, clock.millis());
    }

    /** Where the group goes on, in the partitions whose end that is not. */
    private Map<TopicPartition, Long> behind(KafkaConsumer<byte[], byte[]> open, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> done = open.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> kept = open.beginningOffsets(partitions);
        Map<TopicPartition, Long> behind = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata committed = done.get(partition);
            long first = kept.getOrDefault(partition, 0L);
            long from = committed != null
                    ? Math.max(first, committed.offset())
                    : startFrom == StartFrom.EARLIEST ? first : end;
            if (from < end) {
                behind.put(partition, from);
            }
        });
        return behind;
    }

    /** The time of each partition's first record from there on; none where what is left are marks of transactions. */
    private Map<TopicPartition, Long> firstTimes(
            KafkaConsumer<byte[], byte[]> open, Map<TopicPartition, Long> from, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = new HashMap<>();
        // each has a place, or the client would look for one of its own
        ends.forEach((partition, end) -> open.seek(partition, from.getOrDefault(partition, end)));
        open.pause(partitions);
        open.resume(from.keySet());
        long deadline = clock.millis() + PATIENCE.toMillis();
        for (Collection<TopicPartition> left = from.keySet(); !left.isEmpty(); ) {
            if (clock.millis() > deadline) {
                throw new KafkaException("not read within " + PATIENCE);
            }
            ConsumerRecords<byte[], byte[]> records = open.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                times.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
            }
            left = left.stream()
                    .filter(partition -> !times.containsKey(partition))
                    .filter(partition -> open.position(partition) < ends.getOrDefault(partition, 0L))
                    .toList();
            open.pause(times.keySet());
        }
        return times;
    }

    private void close() {
        KafkaConsumer<byte[], byte[]> open = consumer;
        consumer = null;
        if (open != null) {
            open.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
