package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code token-events} that many readers pass. It is decoded when the first of them wants it, which for most
 * records of a busy broker is never. Safe for use by many threads.
 */
final class FeedRecord {

    private final FeedTopic topic;
    private final int partition;
    private final long offset;
    private final String user;
    private final int size;
    private long number;
    private volatile @Nullable ConsumerRecord<byte[], byte[]> raw;
    private volatile @Nullable Announced own;
    private volatile @Nullable Announced whole;

    FeedRecord(FeedTopic topic, ConsumerRecord<byte[], byte[]> record) {
        this.topic = topic;
        this.partition = record.partition();
        this.offset = record.offset();
        this.user = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        this.size = size(record);
        this.raw = record;
    }

    /** Its place among all that arrived, which the tail gives it before others see it. */
    long number() {
        return number;
    }

    void number(long given) {
        number = given;
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** Whose outcome it is, by the record's key. */
    String user() {
        return user;
    }

    /** Bytes in the log, about. */
    int size() {
        return size;
    }

    /** For one who follows this partition alone; {@code null} where the record is no outcome. */
    @Nullable Announced announced() {
        Announced known = own;
        ConsumerRecord<byte[], byte[]> record = raw;
        if (known != null || record == null) {
            return known == null ? own : known; // written before the raw record is dropped
        }
        Announced decoded = OutcomeCodec.decode(record)
                .filter(outcome -> outcome.event().userId().equals(user))
                .map(this::announced)
                .orElse(null);
        own = decoded;
        raw = null;
        return decoded;
    }

    /**
     * For one who follows every partition and is as far as the tail in all of them.
     *
     * @param position that place
     */
    @Nullable Announced announcedToAll(Supplier<FeedPosition> position) {
        Announced known = whole;
        if (known == null) {
            Announced alone = announced();
            known = alone == null ? null : alone.leadingTo(position.get());
            whole = known;
        }
        return known;
    }

    private Announced announced(Outcome outcome) {
        return new Announced(outcome, new FeedPosition(topic.id(), topic.partitions(), Map.of(partition, offset + 1)));
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        int size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            byte[] value = header.value();
            size += header.key().length() + (value == null ? 0 : value.length);
        }
        return size;
    }
}
