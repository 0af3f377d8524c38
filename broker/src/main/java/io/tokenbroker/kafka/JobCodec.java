package io.tokenbroker.kafka;

import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.Wish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs as records of {@code replay-jobs}. The job's own id is the key of what its runner saves. What callers want has
 * keys beside it, so that compaction never puts the one in the other's place.
 */
final class JobCodec {

    private static final Logger LOG = LoggerFactory.getLogger(JobCodec.class);

    private static final String REQUEST = "/request";
    private static final String WISH = "/wish";

    private JobCodec() {}

    static ProducerRecord<byte[], byte[]> encode(String topic, ReplayRequest request) {
        return record(topic, request.id() + REQUEST, request);
    }

    static ProducerRecord<byte[], byte[]> encode(String topic, Wish wish) {
        return record(topic, wish.job() + WISH, wish);
    }

    static ProducerRecord<byte[], byte[]> encode(String topic, Job job) {
        return record(topic, job.id(), job);
    }

    /** What removes the job. */
    static List<ProducerRecord<byte[], byte[]>> tombstones(String topic, String job) {
        return Stream.of(job + REQUEST, job + WISH, job)
                .map(key -> new ProducerRecord<byte[], byte[]>(topic, 0, key.getBytes(StandardCharsets.UTF_8), null))
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, Object value) {
        return new ProducerRecord<>(
                topic, 0, key.getBytes(StandardCharsets.UTF_8), Json.MAPPER.writeValueAsBytes(value));
    }

    /** Enters the record into the book; what is none of ours is left out. Never throws. */
    static void enter(ConsumerRecord<byte[], byte[]> record, JobBook book) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            book.forgotten(key);
            return;
        }
        try {
            if (key.endsWith(REQUEST)) {
                book.requested(Json.MAPPER.readValue(record.value(), ReplayRequest.class), record.offset());
            } else if (key.endsWith(WISH)) {
                book.wished(Json.MAPPER.readValue(record.value(), Wish.class));
            } else {
                book.saved(Json.MAPPER.readValue(record.value(), Job.class), record.offset());
            }
        } catch (RuntimeException e) {
            LOG.warn("the record of a replay cannot be read offset={} cause={}", record.offset(), e.toString());
        }
    }
}
