package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One that died with a transaction open on the whole directory: nobody reads past it until Kafka ends it. */
final class DeadProducer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final String id;

    private DeadProducer(KafkaProducer<byte[], byte[]> producer, Admin admin, String id) {
        this.producer = producer;
        this.admin = admin;
        this.id = id;
    }

    /** @param open for how long, at least */
    static DeadProducer dieIn(Stack stack, Random random, Duration open) {
        String id = "dead-" + random.nextLong();
        KafkaProducer<byte[], byte[]> producer = stack.producer(
                Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                        open.toMillis()));
        int partitions = Topic.partitions(stack.kafka(), Topic.DIRECTORY);
        producer.initTransactions();
        producer.beginTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            Stack.join(producer.send(new ProducerRecord<>(
                    Topic.DIRECTORY, partition, "nobody".getBytes(UTF_8), "never committed".getBytes(UTF_8))));
        }
        return new DeadProducer(producer, Admin.create(Map.of("bootstrap.servers", stack.kafka())), id);
    }

    void awaitEndOfItsTransaction() {
        await("the end of the dead producer's transaction")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .until(this::isAborted);
    }

    private boolean isAborted() throws InterruptedException, ExecutionException {
        var described = admin.describeTransactions(List.of(id)).description(id).get();
        return described.state() == TransactionState.COMPLETE_ABORT;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close();
    }
}
