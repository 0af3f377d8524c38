package io.tokenbroker.kafka;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.Reading;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.pipeline.Arrival;
import io.tokenbroker.traces.Traces;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads a record of the input log for the pipeline, and tells whether it lies where its user's records belong. */
final class ArrivalReader {

    private static final String TRACEPARENT = "traceparent";
    private static final String TOO_LARGE =
            "the record lies in another partition than its user's, and is too large to be"
                    + " copied there; allowed: at most " + RawRecords.MOST_BYTES
                    + " bytes, or the user's id as its key";

    private final RecordReader records;
    private final TopicFacts.Topic topic;
    private final Partitioning partitioning;
    private final Traces traces;

    ArrivalReader(RecordReader records, TopicFacts topics, Traces traces) {
        this.records = records;
        this.topic = topics.lifecycle();
        this.partitioning = topics.partitioning();
        this.traces = traces;
    }

    /** Never throws. */
    Arrival read(ConsumerRecord<byte[], byte[]> record) {
        Received received = records.read(record, topic.id());
        return switch (received.reading()) {
            case Reading.Valid valid
            when isHome(record, valid.event().userId()) ->
                new Arrival.Event(received.raw(), traced(record, valid.event()));
            case Reading.Valid valid ->
                misrouted(record, received, valid.event().userId());
            case Reading.Foreign foreign -> new Arrival.Foreign(received.raw());
            case Reading.Invalid invalid ->
                new Arrival.Unreadable(
                        received.raw(), at(record, invalid.userId()), received.eventType(), invalid.reason());
        };
    }

    /** To be appended again in its user's partition, unless it is too large for that. */
    private static Arrival misrouted(ConsumerRecord<byte[], byte[]> record, Received received, UserId userId) {
        return RawRecords.isAppendable(userId.utf8(), record.value(), record.headers())
                ? new Arrival.Misrouted(received.raw(), userId)
                : new Arrival.Unreadable(received.raw(), null, received.eventType(), TOO_LARGE);
    }

    /** What the event leads to goes back to its being received here. */
    private UserEvent traced(ConsumerRecord<byte[], byte[]> record, UserEvent event) {
        if (!traces.areOn()) {
            return event;
        }
        Traces.Span span = traces.begin(Traces.Kind.CONSUMER, topic.name() + " receive", traceparent(record, event))
                .note("messaging.system", "kafka")
                .note("messaging.operation.type", "receive")
                .note("messaging.destination.name", topic.name())
                .note("messaging.destination.partition.id", String.valueOf(record.partition()))
                .note("messaging.kafka.offset", String.valueOf(record.offset()))
                .note("cloudevents.event_id", event.ref().id())
                .note("cloudevents.event_type", event.ref().type());
        span.end();
        return event.in(span.traceparent());
    }

    /** The event's own; where it has none, what the producer's instrumentation has put beside it. */
    private static @Nullable String traceparent(ConsumerRecord<byte[], byte[]> record, UserEvent event) {
        String own = event.ref().traceparent();
        Header header = own == null ? record.headers().lastHeader(TRACEPARENT) : null;
        return header == null || header.value() == null ? own : new String(header.value(), StandardCharsets.US_ASCII);
    }

    private boolean isHome(ConsumerRecord<byte[], byte[]> record, UserId userId) {
        return partitioning.isHome(record, userId);
    }

    /** The entry of a user of another partition is not this partition's to touch. */
    private @Nullable UserId at(ConsumerRecord<byte[], byte[]> record, @Nullable UserId userId) {
        return userId != null && partitioning.of(userId) == record.partition() ? userId : null;
    }
}
