package io.tokenbroker.kafka;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Kafka's records as the pipeline holds them, and back. */
final class RawRecords {

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

    static Headers headers(RawRecord record) {
        Headers headers = new RecordHeaders();
        record.headers().forEach(header -> headers.add(header.name(), header.value()));
        return headers;
    }

    /**
     * The same bytes for another place, with another key where it was not the user id. It keeps the timestamp, which is
     * the time of an event that has none: a late one must not become the latest by being moved.
     */
    static ProducerRecord<byte[], byte[]> copyTo(String topic, int partition, byte[] key, RawRecord record) {
        long timestamp = Math.max(0, record.timestamp().toEpochMilli());
        return new ProducerRecord<>(topic, partition, timestamp, key, record.value(), headers(record));
    }
}
