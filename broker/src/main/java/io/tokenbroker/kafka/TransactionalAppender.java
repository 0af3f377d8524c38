package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Appends several records in one transaction, one transaction at a time, on a thread of its own: all of them become
 * visible or none. A plain producer, since reactor-kafka's sender keeps one that was fenced. After a failure
 * that an abort cannot mend the next transaction begins with a new producer, whose start ends what the old one left.
 */
final class TransactionalAppender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionalAppender.class);

    private static final int MOST_WAITING = 256;

    private final Map<String, Object> properties;
    private final Scheduler thread;
    private @Nullable Producer<byte[], byte[]> producer;

    TransactionalAppender(KafkaClients clients, String clientId) {
        this.properties = clients.producer(clientId);
        properties.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, clients.groupId() + "-" + clientId + "-" + UUID.randomUUID());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        this.thread = Schedulers.newBoundedElastic(1, MOST_WAITING, "kafka-" + clientId, 60, true);
    }

    /** @return where each record lies, in the order given, once all are committed */
    Mono<List<RecordMetadata>> append(List<ProducerRecord<byte[], byte[]>> records) {
        return onOwnThread(records).timeout(Appender.PATIENCE);
    }

    /** A caller who goes away does not interrupt a transaction that has begun. */
    private Mono<List<RecordMetadata>> onOwnThread(List<ProducerRecord<byte[], byte[]>> records) {
        return Mono.create(caller -> {
            AtomicBoolean gone = new AtomicBoolean();
            caller.onCancel(() -> gone.set(true));
            try {
                thread.schedule(() -> {
                    if (!gone.get()) {
                        commit(records, caller);
                    }
                });
            } catch (RejectedExecutionException e) {
                caller.error(new TimeoutException(MOST_WAITING + " transactions are waiting already", e));
            }
        });
    }

    private void commit(List<ProducerRecord<byte[], byte[]>> records, MonoSink<List<RecordMetadata>> caller) {
        List<RecordMetadata> written;
        try {
            written = commit(records);
        } catch (KafkaException | IllegalStateException e) {
            recover(e);
            caller.error(e);
            return;
        }
        caller.success(written);
    }

    private List<RecordMetadata> commit(List<ProducerRecord<byte[], byte[]>> records) {
        Producer<byte[], byte[]> used = open();
        used.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(record -> sent.add(used.send(record)));
        used.flush();
        List<RecordMetadata> written =
                sent.stream().map(TransactionalAppender::sent).toList();
        used.commitTransaction();
        return written;
    }

    /** After a flush every send has ended. */
    private static RecordMetadata sent(Future<RecordMetadata> send) {
        return switch (send.state()) {
            case SUCCESS -> send.resultNow();
            case FAILED ->
                throw send.exceptionNow() instanceof KafkaException cause
                        ? cause
                        : new KafkaException(send.exceptionNow());
            case RUNNING, CANCELLED -> throw new TimeoutException("a flushed send has not ended");
        };
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(properties);
            producer = open;
            open.initTransactions();
        }
        return open;
    }

    /** What Kafka refused is taken back at once, since readers wait for the end of each transaction. */
    private void recover(RuntimeException reason) {
        Producer<byte[], byte[]> used = producer;
        if (used == null) {
            return;
        }
        try {
            if (!(reason instanceof RetriableException)) {
                used.abortTransaction();
                return;
            }
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("transaction left to the next producer reason={}", e.toString());
        }
        LOG.warn("transactional producer dropped reason={}", reason.toString());
        producer = null;
        used.close(Duration.ZERO);
    }

    @Override
    public void close() {
        thread.schedule(() -> {
            Producer<byte[], byte[]> open = producer;
            if (open != null) {
                open.close(Duration.ofSeconds(5));
            }
        });
        thread.disposeGracefully()
                .timeout(Duration.ofSeconds(6))
                .onErrorComplete()
                .block();
    }
}
