package io.tokenbroker.kafka;

import io.tokenbroker.intake.Reading;
import io.tokenbroker.replay.History;
import io.tokenbroker.replay.Recorded;
import io.tokenbroker.replay.ReplayRefused;
import io.tokenbroker.replay.ScanRange.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The input log read again, committed records only, on the caller's thread: a consumer for each partition's reading, so
 * that none is open while nothing is read. Records are decoded on all processors.
 */
final class KafkaHistory implements History {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicFacts.Topic topic;
    private final Partitioning partitioning;
    private final RecordReader reader;
    private final KafkaClients clients;
    private final Admin admin;
    private final AtomicLong opened = new AtomicLong();

    KafkaHistory(TopicFacts topics, RecordReader reader, KafkaClients clients, Admin admin) {
        this.topic = topics.lifecycle();
        this.partitioning = topics.partitioning();
        this.reader = reader;
        this.clients = clients;
        this.admin = admin;
    }

    @Override
    public void read(String topicId, Span span, boolean acceptGap, Consumer<Recorded> each) {
        try {
            requireSameTopic(topicId);
            if (span.to() > span.from()) {
                readSpan(span, acceptGap, each);
            }
        } catch (OffsetOutOfRangeException e) {
            throw new ReplayRefused("records of " + topic.name() + "-" + span.partition()
                    + " were deleted by retention while they were read; start again with what is kept");
        } catch (KafkaException e) {
            throw new Unavailable(topic.name() + " cannot be read now", e);
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

    private void readSpan(Span span, boolean acceptGap, Consumer<Recorded> each) {
        TopicPartition partition = new TopicPartition(topic.name(), span.partition());
        Map<String, Object> properties = clients.consumer("replay-" + opened.incrementAndGet());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        // what is asked for is there already
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, start(consumer, partition, span, acceptGap));
            while (consumer.position(partition) < span.to()) {
                List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition).stream()
                        .filter(record -> record.offset() < span.to())
                        .toList();
                records.parallelStream().map(this::recorded).toList().forEach(each);
            }
        }
    }

    private long start(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Span span, boolean acceptGap) {
        List<TopicPartition> one = List.of(partition);
        long kept = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
        if (kept > span.from() && !acceptGap) {
            throw new ReplayRefused("records " + span.from() + " to " + (Math.min(kept, span.to()) - 1) + " of "
                    + partition + " are gone; allowed: to accept the gap");
        }
        if (end < span.to()) {
            throw new ReplayRefused(partition + " ends at " + end + ", before the job's end " + span.to());
        }
        return Math.max(kept, span.from());
    }

    private Recorded recorded(ConsumerRecord<byte[], byte[]> record) {
        Received received = reader.read(record, topic.id());
        return switch (received.reading()) {
            case Reading.Valid valid ->
                new Recorded.Event(
                        received.raw().position(),
                        valid.event(),
                        partitioning.of(valid.event().userId()));
            case Reading.Foreign foreign -> new Recorded.Foreign(received.raw().position());
            case Reading.Invalid invalid ->
                new Recorded.Unreadable(received.raw().position(), invalid.reason());
        };
    }
}
