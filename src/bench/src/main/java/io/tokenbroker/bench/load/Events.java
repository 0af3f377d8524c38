package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Lifecycle events as upstream writes them. */
final class Events {

    static final String INPUT = "user-lifecycle";

    static final String CREATED = "tokenbroker.user.created.v1";
    static final String SUSPENDED = "tokenbroker.user.suspended.v1";
    static final String RESUMED = "tokenbroker.user.resumed.v1";
    static final String SESSIONS_REVOKED = "tokenbroker.user.sessions-revoked.v1";
    static final String DELETED = "tokenbroker.user.deleted.v1";

    static final byte[] NO_DATA = "{}".getBytes(UTF_8);

    private Events() {}

    static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 1);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static ProducerRecord<byte[], byte[]> of(String type, String user) {
        return of(type, user, UUID.randomUUID().toString(), NO_DATA);
    }

    /** @param data JSON */
    static ProducerRecord<byte[], byte[]> of(String type, String user, String id, byte[] data) {
        var record = new ProducerRecord<>(INPUT, user.getBytes(UTF_8), data);
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", id);
        header(record, "ce_source", "/load");
        header(record, "ce_type", type);
        header(record, "ce_subject", user);
        header(record, "content-type", "application/json");
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
    }
}
