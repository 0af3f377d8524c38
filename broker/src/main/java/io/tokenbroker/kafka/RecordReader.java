package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.DecodedEvent;
import io.tokenbroker.intake.EventDecoder;
import io.tokenbroker.intake.EventOrigin;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads records of the input log as CloudEvents in binary or structured mode. Never throws. */
final class RecordReader {

    private static final String ATTRIBUTE = "ce_";
    private static final String CONTENT_TYPE = "content-type";
    private static final byte[] NOTHING = {};

    private final Intake intake;

    RecordReader(Intake intake) {
        this.intake = intake;
    }

    /** @param topicId the id of the topic the record was read from */
    Received read(ConsumerRecord<byte[], byte[]> record, String topicId) {
        Understood understood = understood(record);
        return new Received(RawRecords.of(record, topicId), understood.reading(), understood.eventType());
    }

    /** For those who have no use for the record as it came. */
    Reading read(ConsumerRecord<byte[], byte[]> record) {
        return understood(record).reading();
    }

    private record Understood(Reading reading, @Nullable String eventType) {}

    private Understood understood(ConsumerRecord<byte[], byte[]> record) {
        return switch (decoded(record)) {
            case DecodedEvent.Decoded(CloudEvent event) -> understood(event, record);
            case DecodedEvent.Malformed malformed -> new Understood(malformed.reading(), null);
        };
    }

    private Understood understood(CloudEvent event, ConsumerRecord<byte[], byte[]> record) {
        try {
            EventOrigin origin = EventOrigin.inLog(Instant.ofEpochMilli(record.timestamp()), text(record.key()));
            return new Understood(intake.read(event, origin), event.getType());
        } catch (RuntimeException e) {
            // an event that breaks the reader is as bad as one that cannot be decoded, and must stop nobody
            return new Understood(Intake.undecodable(e.getClass().getSimpleName()), event.getType());
        }
    }

    /** Of two headers of a name neither is taken, and what is no UTF-8 is not taken for something else. */
    static DecodedEvent decoded(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> named = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            String name = header.key();
            if (name.startsWith(ATTRIBUTE) || name.equals(CONTENT_TYPE)) {
                String value = text(header.value());
                if (value == null) {
                    return EventDecoder.undecodable("header " + name + " without a value in UTF-8");
                }
                if (named.put(name, value) != null) {
                    return EventDecoder.undecodable("header " + name + " given twice");
                }
            }
        }
        String contentType = named.remove(CONTENT_TYPE);
        byte[] value = record.value();
        if (EventDecoder.isStructured(contentType)) {
            return EventDecoder.structured(value == null ? NOTHING : value);
        }
        if (named.isEmpty()) {
            return EventDecoder.undecodable("neither ce_ headers nor content type " + EventDecoder.STRUCTURED);
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        named.forEach((name, said) -> attributes.put(name.substring(ATTRIBUTE.length()), said));
        return EventDecoder.binary(attributes, contentType, value);
    }

    /** What most values are, and then UTF-8 as well. */
    private static boolean isAscii(byte[] bytes) {
        for (byte one : bytes) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
