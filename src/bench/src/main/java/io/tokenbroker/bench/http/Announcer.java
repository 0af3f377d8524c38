package io.tokenbroker.bench.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends outcomes as the broker does, going round the partitions. The subject of each says where and when it was
 * appended: {@code partition.number.nanos}, numbers beginning with 1 in each partition.
 */
final class Announcer implements AutoCloseable {

    private static final String TOPIC = "token-events";
    private static final String TYPE = "tokenbroker.identity.provisioned.v1";

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLongArray numbers;
    private int turn;

    Announcer(String bootstrapServers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0, "acks", "all");
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        numbers = new AtomicLongArray(producer.partitionsFor(TOPIC).size());
    }

    /** So many a second, for so long; returns when all are in Kafka. */
    void announce(int perSecond, long nanos) {
        long start = System.nanoTime();
        long events = nanos * perSecond / TimeUnit.SECONDS.toNanos(1);
        for (long i = 0; i < events; i++) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            var unused = producer.send(next());
        }
        producer.flush();
    }

    int partitions() {
        return numbers.length();
    }

    /** The last number of a partition. */
    long last(int partition) {
        return numbers.get(partition);
    }

    private ProducerRecord<byte[], byte[]> next() {
        int partition = turn++ % numbers.length();
        String subject = partition + "." + numbers.incrementAndGet(partition) + "." + System.nanoTime();
        String data = "{\"userId\":\"" + subject + "\",\"identityId\":\"8:acs:"
                + "1b5cc06b-f352-4571-b1e6-d9b259b7c776_00000000-0000-0000-0000-000000000001\"}";
        var record = new ProducerRecord<>(TOPIC, partition, subject.getBytes(UTF_8), data.getBytes(UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        subject,
                        "ce_source",
                        "urn:tokenbroker",
                        "ce_type",
                        TYPE,
                        "ce_subject",
                        subject,
                        "ce_time",
                        Instant.now().toString(),
                        "ce_dataschema",
                        "urn:tokenbroker:events:" + TYPE,
                        "content-type",
                        "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    @Override
    public void close() {
        producer.close();
    }
}
