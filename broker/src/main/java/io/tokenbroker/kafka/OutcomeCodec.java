package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentityResumed;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.TokenExchanged;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.events.TokensRevoked;
import io.tokenbroker.outcomes.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes as records of {@code token-events}: CloudEvents in binary mode, keyed by the user id.
 *
 * <p>Of the causing event the record keeps the id and the trace context; what else is known of it stays in the
 * lifecycle log, and is blank in an outcome read back.
 */
final class OutcomeCodec {

    /** The CloudEvents {@code source} of every outcome. */
    static final URI SOURCE = URI.create("urn:tokenbroker");

    private static final String SCHEMAS = "urn:tokenbroker:events:";
    private static final String CAUSE = "causationid";
    private static final String CALLER = "requestedby";
    private static final String TRACE = "traceparent";

    private static final Map<String, Class<? extends OutcomeEvent>> TYPES = Map.of(
            IdentityProvisioned.TYPE, IdentityProvisioned.class,
            IdentitySuspended.TYPE, IdentitySuspended.class,
            IdentityResumed.TYPE, IdentityResumed.class,
            IdentityDeleted.TYPE, IdentityDeleted.class,
            TokenIssued.TYPE, TokenIssued.class,
            TokenExchanged.TYPE, TokenExchanged.class,
            TokensRevoked.TYPE, TokensRevoked.class);

    private OutcomeCodec() {}

    /** Looks for the formats of events, which reads files, before somebody decodes where nothing may block. */
    static void prepare() {
        EventFormatProvider.getInstance();
    }

    static ProducerRecord<byte[], byte[]> encode(String topic, Outcome outcome) {
        byte[] key = outcome.event().userId().getBytes(StandardCharsets.UTF_8);
        return KafkaMessageFactory.createWriter(topic, null, null, key).writeBinary(toCloudEvent(outcome));
    }

    static CloudEvent toCloudEvent(Outcome outcome) {
        OutcomeEvent event = outcome.event();
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(outcome.id())
                .withSource(SOURCE)
                .withType(event.type())
                .withSubject(event.userId())
                .withTime(outcome.time().atOffset(ZoneOffset.UTC))
                .withData("application/json", URI.create(SCHEMAS + event.type()), Json.MAPPER.writeValueAsBytes(event));
        EventRef cause = outcome.cause();
        if (cause != null) {
            builder.withExtension(CAUSE, cause.id());
            String traceparent = cause.traceparent();
            if (traceparent != null) {
                builder.withExtension(TRACE, traceparent);
            }
        }
        String requestedBy = outcome.requestedBy();
        if (requestedBy != null) {
            builder.withExtension(CALLER, requestedBy);
        }
        return builder.build();
    }

    /** Empty for a record that is no outcome of a type known here, whatever else it is; never throws. */
    static Optional<Outcome> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return fromCloudEvent(KafkaMessageFactory.createReader(record).toEvent());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Outcome> fromCloudEvent(CloudEvent read) {
        Class<? extends OutcomeEvent> type = TYPES.get(read.getType());
        CloudEventData data = read.getData();
        OffsetDateTime written = read.getTime();
        if (type == null || data == null || written == null) {
            return Optional.empty();
        }
        OutcomeEvent event = Json.MAPPER.readValue(data.toBytes(), type);
        Instant time = written.toInstant();
        String requestedBy = text(read, CALLER);
        String causeId = text(read, CAUSE);
        EventRef cause = causeId == null ? null : new EventRef(causeId, "", "", time, requestedBy, text(read, TRACE));
        return Optional.of(new Outcome(read.getId(), time, event, cause, requestedBy));
    }

    private static @Nullable String text(CloudEvent event, String extension) {
        Object value = event.getExtension(extension);
        return value == null ? null : value.toString();
    }
}
