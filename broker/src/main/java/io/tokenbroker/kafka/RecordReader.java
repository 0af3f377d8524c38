package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.intake.EventOrigin;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads records of the input log as CloudEvents in binary or structured mode. Never throws. */
final class RecordReader {

    private static final String ATTRIBUTE = "ce_";
    private static final String CONTENT_TYPE = "content-type";

    private final Intake intake;
    private final KnownSources sources = new KnownSources();

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
        String damaged = damagedHeader(record);
        if (damaged != null) {
            return new Understood(Intake.undecodable(damaged), null);
        }
        CloudEvent event;
        try {
            MessageReader message = KafkaMessageFactory.createReader(record);
            event = message.getEncoding() == Encoding.BINARY ? message.read(sources::builder) : message.toEvent();
        } catch (RuntimeException e) {
            return new Understood(Intake.undecodable(reason(e)), null);
        }
        return understood(event, record);
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

    /** The decoder would take what is no UTF-8 for something else, and of two headers the one it happens to see last. */
    private static @Nullable String damagedHeader(ConsumerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        Set<String> names = HashSet.newHashSet(headers.length);
        for (Header header : headers) {
            String name = header.key();
            if (!name.startsWith(ATTRIBUTE) && !name.equals(CONTENT_TYPE)) {
                continue;
            }
            if (!names.add(name)) {
                return "header " + name + " given twice";
            }
            if (!isAscii(header.value()) && text(header.value()) == null) {
                return "header " + name + " without a value in UTF-8";
            }
        }
        return null;
    }

    /** What most values are, and then UTF-8 as well. */
    private static boolean isAscii(byte @Nullable [] bytes) {
        if (bytes == null) {
            return false;
        }
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

    /** The outer message where it says something, else the cause's. */
    private static @Nullable String reason(Throwable e) {
        Throwable cause = e.getCause();
        return e.getMessage() == null && cause != null ? reason(cause) : e.getMessage();
    }
}
