package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.DeadLetter;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as records: the original's key, value and headers untouched, then the broker's own headers. These begin
 * with the last {@value #TOPIC_ID}, so that even an original with headers of the same names comes back as it was.
 */
final class DeadLetterCodec {

    private static final String PREFIX = "tokenbroker-dead-letter-";
    static final String TOPIC_ID = PREFIX + "topic-id";
    static final String PARTITION = PREFIX + "partition";
    static final String OFFSET = PREFIX + "offset";
    static final String TIMESTAMP = PREFIX + "timestamp";
    static final String REASON = PREFIX + "reason";
    static final String ATTEMPTS = PREFIX + "attempts";
    static final String USER_ID = PREFIX + "user-id";
    static final String EVENT_TYPE = PREFIX + "event-type";
    static final String OVERSIZED = PREFIX + "oversized";

    private static final int LONGEST_TEXT = 4096;

    private DeadLetterCodec() {}

    static ProducerRecord<byte[], byte[]> encode(String topic, DeadLetter letter) {
        RawRecord original = letter.record();
        Headers whole = RawRecords.headers(original);
        addOurs(whole, letter);
        if (RawRecords.isAppendable(original.key(), original.value(), whole)) {
            return new ProducerRecord<>(topic, null, null, original.key(), original.value(), whole);
        }
        Headers bare = new RecordHeaders();
        addOurs(bare, letter);
        add(bare, OVERSIZED, "true");
        byte @Nullable [] key = letter.userId() == null ? null : letter.userId().utf8();
        return new ProducerRecord<>(topic, null, null, key, null, bare);
    }

    private static void addOurs(Headers headers, DeadLetter letter) {
        RawRecord original = letter.record();
        add(headers, TOPIC_ID, original.position().topicId());
        add(headers, PARTITION, String.valueOf(original.position().partition()));
        add(headers, OFFSET, String.valueOf(original.position().offset()));
        add(headers, TIMESTAMP, original.timestamp().toString());
        add(headers, REASON, cut(letter.reason()));
        add(headers, ATTEMPTS, String.valueOf(letter.attempts()));
        if (letter.userId() != null) {
            add(headers, USER_ID, letter.userId().value());
        }
        if (letter.eventType() != null) {
            add(headers, EVENT_TYPE, cut(letter.eventType()));
        }
    }

    /** The line of a listing; empty for a record that the broker did not write. */
    static Optional<DeadLetters.Listed> toListed(ConsumerRecord<byte[], byte[]> record) {
        return origin(record).map(origin -> {
            String reason = ours(record, REASON);
            return new DeadLetters.Listed(
                    new DeadLetters.Place(record.partition(), record.offset()),
                    ours(record, USER_ID),
                    ours(record, EVENT_TYPE),
                    reason == null ? "" : reason,
                    number(ours(record, ATTEMPTS)).map(Long::intValue).orElse(0),
                    origin,
                    Instant.ofEpochMilli(record.timestamp()),
                    ours(record, OVERSIZED) == null);
        });
    }

    /** The record as it was in the input log; empty where its bytes are not kept or were never the broker's to keep. */
    static Optional<RawRecord> toOriginal(ConsumerRecord<byte[], byte[]> record) {
        if (ours(record, OVERSIZED) != null) {
            return Optional.empty();
        }
        return origin(record).map(origin -> {
            RawRecord kept = RawRecords.of(record, origin.topicId());
            return new RawRecord(
                    origin,
                    timestamp(record),
                    kept.key(),
                    kept.value(),
                    kept.headers().subList(0, firstOfOurs(record.headers())));
        });
    }

    private static Optional<LogPosition> origin(ConsumerRecord<byte[], byte[]> record) {
        String topicId = ours(record, TOPIC_ID);
        Optional<Long> partition = number(ours(record, PARTITION));
        Optional<Long> offset = number(ours(record, OFFSET));
        return topicId == null || partition.isEmpty() || offset.isEmpty()
                ? Optional.empty()
                : Optional.of(new LogPosition(topicId, partition.get().intValue(), offset.get()));
    }

    private static Instant timestamp(ConsumerRecord<byte[], byte[]> record) {
        String written = ours(record, TIMESTAMP);
        try {
            return written == null ? Instant.ofEpochMilli(record.timestamp()) : Instant.parse(written);
        } catch (DateTimeParseException e) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    private static @Nullable String ours(ConsumerRecord<byte[], byte[]> record, String name) {
        Header[] headers = record.headers().toArray();
        for (int i = firstOfOurs(record.headers()); i < headers.length; i++) {
            if (headers[i].key().equals(name) && headers[i].value() != null) {
                return new String(headers[i].value(), UTF_8);
            }
        }
        return null;
    }

    private static int firstOfOurs(Headers headers) {
        Header[] all = headers.toArray();
        for (int i = all.length - 1; i >= 0; i--) {
            if (all[i].key().equals(TOPIC_ID)) {
                return i;
            }
        }
        return all.length;
    }

    private static Optional<Long> number(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "…";
    }
}
