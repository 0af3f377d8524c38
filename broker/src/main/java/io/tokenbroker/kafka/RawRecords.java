package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Kafka's records as the pipeline holds them, and back. */
final class RawRecords {

    /** Below Kafka's default {@code max.message.bytes} of 1 MiB, with room for what surrounds a record. */
    static final int MOST_BYTES = 900 * 1024;

    private static final int HEADER_OVERHEAD = 10;
    private static final int RECORD_OVERHEAD = 64;

    private RawRecords() {}

    /** @param topicId the id of the topic the record was read from */
    static RawRecord of(ConsumerRecord<byte[], byte[]> record, String topicId) {
        List<RawRecord.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RawRecord.Header(header.key(), header.value()));
        }
        return new RawRecord(
                new LogPosition(topicId, record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                record.value(),
                headers);
    }

    /** The record as a consumer would receive it, had it been appended at that time. */
    static ConsumerRecord<byte[], byte[]> received(RawRecord record, long timestamp) {
        return new ConsumerRecord<>(
                record.position().topicId(),
                record.position().partition(),
                record.position().offset(),
                timestamp,
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                record.key(),
                record.value(),
                headers(record),
                Optional.empty());
    }

    static Headers headers(RawRecord record) {
        Headers headers = new RecordHeaders();
        record.headers().forEach(header -> headers.add(header.name(), header.value()));
        return headers;
    }

    /** The same record once more, appended now. */
    static ProducerRecord<byte[], byte[]> again(String topic, @Nullable Integer partition, RawRecord record) {
        return new ProducerRecord<>(topic, partition, null, record.key(), record.value(), headers(record));
    }

    /**
     * The same bytes for another place, with another key where it was not the user id. It keeps the timestamp, which is
     * the time of an event that has none: a late one must not become the latest by being moved.
     */
    static ProducerRecord<byte[], byte[]> copyTo(String topic, int partition, byte[] key, RawRecord record) {
        long timestamp = Math.max(0, record.timestamp().toEpochMilli());
        return new ProducerRecord<>(topic, partition, timestamp, key, record.value(), headers(record));
    }

    /** Whether a record is small enough for any of the broker's topics, though whoever wrote it compressed it. */
    static boolean isAppendable(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        long size = RECORD_OVERHEAD + length(key) + length(value);
        for (Header header : headers) {
            size += HEADER_OVERHEAD + header.key().getBytes(UTF_8).length + length(header.value());
        }
        return size <= MOST_BYTES;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
