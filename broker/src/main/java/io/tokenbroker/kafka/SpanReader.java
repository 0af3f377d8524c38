package io.tokenbroker.kafka;

import io.tokenbroker.replay.History;
import io.tokenbroker.replay.ReplayRefused;
import io.tokenbroker.replay.ScanRange.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic read again, committed records only, on the caller's thread: a consumer for each span, so that none is open
 * while nothing is read. Records are decoded on all processors, the next ones while the caller takes those before.
 */
final class SpanReader {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicFacts.Topic topic;
    private final KafkaClients clients;
    private final Admin admin;
    private final AtomicLong opened = new AtomicLong();

    SpanReader(TopicFacts.Topic topic, KafkaClients clients, Admin admin) {
        this.topic = topic;
        this.clients = clients;
        this.admin = admin;
    }

    /**
     * @param decode called from several threads
     * @throws ReplayRefused where the topic is another one, or records are gone that are not to be done without
     * @throws History.Unavailable where Kafka does not answer; what was handed over is to be forgotten
     */
    <T> void read(
            String topicId,
            Span span,
            boolean acceptGap,
            Function<ConsumerRecord<byte[], byte[]>, T> decode,
            Consumer<T> each) {
        try {
            requireSameTopic(topicId);
            if (span.to() > span.from()) {
                readSpan(span, acceptGap, decode, each);
            }
        } catch (OffsetOutOfRangeException e) {
            throw new ReplayRefused("records of " + topic.name() + "-" + span.partition()
                    + " were deleted by retention while they were read; start again with what is kept");
        } catch (KafkaException e) {
            throw new History.Unavailable(topic.name() + " cannot be read now", e);
        }
    }

    private void requireSameTopic(String topicId) {
        TopicDescription described = Deadline.in(PATIENCE)
                .await(admin.describeTopics(List.of(topic.name())).allTopicNames())
                .get(topic.name());
        String now = described == null ? "none" : described.topicId().toString();
        if (!now.equals(topicId)) {
            throw new ReplayRefused("topic " + topic.name() + " was made anew: its id was " + topicId + " and is " + now
                    + ", so the offsets of this job are not its own");
        }
    }

    private <T> void readSpan(
            Span span, boolean acceptGap, Function<ConsumerRecord<byte[], byte[]>, T> decode, Consumer<T> each) {
        TopicPartition partition = new TopicPartition(topic.name(), span.partition());
        Map<String, Object> properties = clients.consumer("replay-" + topic.name() + "-" + opened.incrementAndGet());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // what is asked for is there already
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, start(consumer, partition, span, acceptGap));
            ForkJoinTask<List<T>> decoding = decoding(List.of(), decode);
            while (consumer.position(partition) < span.to()) {
                List<ConsumerRecord<byte[], byte[]>> polled = poll(consumer, partition, acceptGap).stream()
                        .filter(record -> record.offset() < span.to())
                        .toList();
                ForkJoinTask<List<T>> next = decoding(polled, decode);
                decoding.join().forEach(each);
                decoding = next;
            }
            decoding.join().forEach(each);
        }
    }

    /** Retention may pass at any time: where that is accepted, goes on with the first record that is left. */
    private static List<ConsumerRecord<byte[], byte[]>> poll(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, boolean acceptGap) {
        try {
            return consumer.poll(POLL).records(partition);
        } catch (OffsetOutOfRangeException e) {
            long kept = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            if (!acceptGap || kept <= consumer.position(partition)) {
                throw e;
            }
            consumer.seek(partition, kept);
            return List.of();
        }
    }

    private static <T> ForkJoinTask<List<T>> decoding(
            List<ConsumerRecord<byte[], byte[]>> records, Function<ConsumerRecord<byte[], byte[]>, T> decode) {
        return ForkJoinPool.commonPool()
                .submit(() -> records.parallelStream().map(decode).toList());
    }

    private long start(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Span span, boolean acceptGap) {
        long kept = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long end = end(partition);
        if (kept > span.from() && !acceptGap) {
            throw new ReplayRefused("records " + span.from() + " to " + (Math.min(kept, span.to()) - 1) + " of "
                    + partition + " are gone; allowed: to accept the gap");
        }
        if (end < span.to()) {
            throw new ReplayRefused(partition + " ends at " + end + ", before the job's end " + span.to());
        }
        return Math.max(kept, span.from());
    }

    /** Transactions that are open included, as in the job's end: the consumer's own end lies before them. */
    private long end(TopicPartition partition) {
        return Deadline.in(PATIENCE)
                .await(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
                .offset();
    }
}
