package io.tokenbroker.kafka;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.Reading;
import io.tokenbroker.replay.History;
import io.tokenbroker.replay.Recorded;
import io.tokenbroker.replay.ScanRange.Span;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The input log read again. */
final class KafkaHistory implements History {

    private final TopicFacts.Topic topic;
    private final Partitioning partitioning;
    private final RecordReader reader;
    private final SpanReader spans;

    KafkaHistory(TopicFacts topics, RecordReader reader, KafkaClients clients, Admin admin) {
        this.topic = topics.lifecycle();
        this.partitioning = topics.partitioning();
        this.reader = reader;
        this.spans = new SpanReader(topic, clients, admin);
    }

    @Override
    public void read(String topicId, Span span, boolean acceptGap, Consumer<Recorded> each) {
        spans.read(topicId, span, acceptGap, this::recorded, each);
    }

    private Recorded recorded(ConsumerRecord<byte[], byte[]> record) {
        LogPosition position = new LogPosition(topic.id(), record.partition(), record.offset());
        return switch (reader.read(record)) {
            case Reading.Valid valid ->
                new Recorded.Event(
                        position, valid.event(), partitioning.of(valid.event().userId()));
            case Reading.Foreign foreign -> new Recorded.Foreign(position);
            case Reading.Invalid invalid -> new Recorded.Unreadable(position, invalid.reason());
        };
    }
}
