package io.tokenbroker.kafka;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** A written record as a reader gets it. */
final class Records {

    static final long WRITTEN_AT = 1_780_000_000_000L;

    private Records() {}

    static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent, int partition, long offset) {
        return new ConsumerRecord<>(
                sent.topic(),
                partition,
                offset,
                Objects.requireNonNullElse(sent.timestamp(), WRITTEN_AT),
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }
}
