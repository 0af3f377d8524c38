package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A lifecycle event as upstream writes it: a CloudEvent without anything that is not needed. */
record UserEvent(String id, String source, String type, String userId, String data) {
    static final String CREATED = "tokenbroker.user.created.v1";
    static final String SUSPENDED = "tokenbroker.user.suspended.v1";
    static final String RESUMED = "tokenbroker.user.resumed.v1";
    static final String SESSIONS_REVOKED = "tokenbroker.user.sessions-revoked.v1";
    static final String DELETED = "tokenbroker.user.deleted.v1";

    static UserEvent created(String userId) {
        return of(CREATED, userId);
    }

    static UserEvent deleted(String userId) {
        return of(DELETED, userId);
    }

    /** Users who come for ever, and of whom every other goes again when {@code lag} more have come. */
    static Stream<UserEvent> comingAndGoing(String prefix, int lag) {
        return IntStream.iterate(0, i -> i + 1)
                .boxed()
                .flatMap(i -> i >= lag && (i - lag) % 2 == 0
                        ? Stream.of(created(prefix + i), deleted(prefix + (i - lag)))
                        : Stream.of(created(prefix + i)));
    }

    static UserEvent of(String type, String userId) {
        return new UserEvent(UUID.randomUUID().toString(), "/upstream", type, userId, "");
    }

    UserEvent withData(String json) {
        return new UserEvent(id, source, type, userId, json);
    }

    String structuredJson() {
        ObjectNode event = Http.JSON
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("subject", userId);
        if (!data.isEmpty()) {
            event.set("data", Http.JSON.readTree(data));
        }
        return event.toString();
    }

    /** Binary mode, keyed as it should be. */
    ProducerRecord<byte[], byte[]> binary() {
        return binary(userId);
    }

    ProducerRecord<byte[], byte[]> binary(@Nullable String key) {
        byte @Nullable [] value = data.isEmpty() ? null : data.getBytes(UTF_8);
        var record = new ProducerRecord<byte[], byte[]>(Topic.LIFECYCLE, bytes(key), value);
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", id);
        header(record, "ce_source", source);
        header(record, "ce_type", type);
        header(record, "ce_subject", userId);
        return record;
    }

    ProducerRecord<byte[], byte[]> structured(@Nullable String key) {
        var record = new ProducerRecord<byte[], byte[]>(
                Topic.LIFECYCLE, bytes(key), structuredJson().getBytes(UTF_8));
        header(record, "content-type", "application/cloudevents+json; charset=UTF-8");
        return record;
    }

    static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
