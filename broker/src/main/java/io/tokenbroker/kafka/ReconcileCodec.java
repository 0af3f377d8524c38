package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.replay.ReplayRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a replay asks the pipeline for, as records of the input log. */
final class ReconcileCodec {

    /** The CloudEvents {@code source} of all of them. */
    static final URI SOURCE = URI.create("urn:tokenbroker:replay");

    private static final String SCHEMAS = "urn:tokenbroker:events:";

    private ReconcileCodec() {}

    /** The same event, the same id, so that one that was appended twice can be told. */
    static ProducerRecord<byte[], byte[]> encode(
            TopicFacts.Topic topic,
            Partitioning partitioning,
            ReconcileRequested event,
            ReplayRequest job,
            Instant now) {
        byte[] key = event.userId().getBytes(StandardCharsets.UTF_8);
        CloudEvent cloudEvent = CloudEventBuilder.v1()
                .withId(UUID.nameUUIDFromBytes((event.job() + "/" + event.userId()).getBytes(StandardCharsets.UTF_8))
                        .toString())
                .withSource(SOURCE)
                .withType(event.type())
                .withSubject(event.userId())
                .withTime(now.atOffset(ZoneOffset.UTC))
                .withExtension("authid", job.startedBy())
                .withData("application/json", URI.create(SCHEMAS + event.type()), Json.MAPPER.writeValueAsBytes(event))
                .build();
        return KafkaMessageFactory.createWriter(topic.name(), partitioning.of(key), key)
                .writeBinary(cloudEvent);
    }
}
