package io.tokenbroker.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.json.JsonMapper;

/** What the broker writes of a new identity, in the same topics and fields: the user's entry and the outcome event. */
final class OutcomeRecords {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PROVISIONED = "tokenbroker.identity.provisioned.v1";

    private record Provisioned(String userId, String identityId) {}

    private record Seen(String aspect, String source, Instant time) {}

    private record Position(String topicId, int partition, long offset) {}

    private record Cause(String id, String source, String type, Instant time) {}

    private record Entry(
            int format,
            String userId,
            String standing,
            String identityId,
            boolean firstToken,
            long tokenEpoch,
            long revokedEpoch,
            String announced,
            List<Seen> seen,
            Position lastApplied,
            String lastVerdict,
            Cause lastEvent,
            Instant updatedOn) {}

    private OutcomeRecords() {}

    /**
     * With Kafka's defaults: idempotent and not transactional, as is usual beside parallel-consumer and in plain
     * consumers. A crash between the call and the commit makes a second identity, and tells of both.
     */
    static Producer<byte[], byte[]> producer(String bootstrapServers) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Whose creation the event tells; its data is read, as it may name the user itself. */
    static String user(ConsumerRecord<byte[], byte[]> event) {
        return JSON.readTree(event.value()).path("userId").asString(header(event, "ce_subject"));
    }

    static List<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> event, String user, String identity) {
        var cause = new Cause(
                header(event, "ce_id"),
                header(event, "ce_source"),
                header(event, "ce_type"),
                Instant.ofEpochMilli(event.timestamp()));
        Instant now = Instant.now();
        byte[] key = user.getBytes(UTF_8);
        return List.of(entry(key, event, user, identity, cause, now), outcome(key, user, identity, cause, now));
    }

    private static ProducerRecord<byte[], byte[]> entry(
            byte[] key, ConsumerRecord<byte[], byte[]> event, String user, String identity, Cause cause, Instant now) {
        var entry = new Entry(
                1,
                user,
                "ACTIVE",
                identity,
                false,
                0,
                0,
                "ACTIVE",
                List.of(new Seen("EXISTENCE", cause.source(), cause.time())),
                new Position(event.topic(), event.partition(), event.offset()),
                "APPLIED",
                cause,
                now);
        return new ProducerRecord<>(Topics.ENTRIES, key, JSON.writeValueAsBytes(entry));
    }

    private static ProducerRecord<byte[], byte[]> outcome(
            byte[] key, String user, String identity, Cause cause, Instant now) {
        var record =
                new ProducerRecord<>(Topics.OUTCOMES, key, JSON.writeValueAsBytes(new Provisioned(user, identity)));
        add(record, "ce_specversion", "1.0");
        add(record, "ce_id", UUID.randomUUID().toString());
        add(record, "ce_source", "urn:tokenbroker");
        add(record, "ce_type", PROVISIONED);
        add(record, "ce_subject", user);
        add(record, "ce_time", now.toString());
        add(record, "ce_dataschema", "urn:tokenbroker:events:" + PROVISIONED);
        add(record, "ce_causationid", cause.id());
        add(record, "content-type", "application/json");
        return record;
    }

    private static void add(ProducerRecord<?, ?> record, String header, String value) {
        record.headers().add(header, value.getBytes(UTF_8));
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
