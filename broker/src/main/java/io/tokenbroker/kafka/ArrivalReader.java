package io.tokenbroker.kafka;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.Reading;
import io.tokenbroker.pipeline.Arrival;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads a record of the input log for the pipeline, and tells whether it lies where its user's records belong. */
final class ArrivalReader {

    private final RecordReader records;
    private final TopicFacts.Topic topic;
    private final Partitioning partitioning;

    ArrivalReader(RecordReader records, TopicFacts topics) {
        this.records = records;
        this.topic = topics.lifecycle();
        this.partitioning = topics.partitioning();
    }

    /** Never throws. */
    Arrival read(ConsumerRecord<byte[], byte[]> record) {
        Received received = records.read(record, topic.id());
        return switch (received.reading()) {
            case Reading.Valid valid ->
                isHome(record, valid.event().userId())
                        ? new Arrival.Event(received.raw(), valid.event())
                        : new Arrival.Misrouted(received.raw(), valid.event().userId());
            case Reading.Foreign foreign -> new Arrival.Foreign(received.raw());
            case Reading.Invalid invalid ->
                new Arrival.Unreadable(
                        received.raw(), at(record, invalid.userId()), received.eventType(), invalid.reason());
        };
    }

    private boolean isHome(ConsumerRecord<byte[], byte[]> record, UserId userId) {
        return partitioning.isHome(record, userId);
    }

    /** The entry of a user of another partition is not this partition's to touch. */
    private @Nullable UserId at(ConsumerRecord<byte[], byte[]> record, @Nullable UserId userId) {
        return userId != null && partitioning.of(userId) == record.partition() ? userId : null;
    }
}
