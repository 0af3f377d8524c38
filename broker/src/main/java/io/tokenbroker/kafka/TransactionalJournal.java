package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.PartitionJournal;
import io.tokenbroker.pipeline.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A partition's transactional producer. Its {@code transactional.id} is the partition's own, so initialising it fences
 * whoever wrote for the partition before and ends their open transaction. A plain producer on a thread of its own:
 * reactor-kafka's sender keeps a fenced producer and cannot send offsets with group metadata to clients of version 4.
 */
final class TransactionalJournal implements PartitionJournal {

    private static final Logger log = LoggerFactory.getLogger(TransactionalJournal.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    private final TopicPartition input;
    private final TransactionRecords records;
    private final Partitioning partitioning;
    private final Supplier<ConsumerGroupMetadata> membership;
    private final DirectoryView directory;
    private final CreateIntents intents;
    private final JournalThread thread;
    private final KafkaProducer<byte[], byte[]> producer;

    TransactionalJournal(
            TopicPartition input,
            KafkaClients clients,
            TransactionRecords records,
            Partitioning partitioning,
            Supplier<ConsumerGroupMetadata> membership,
            DirectoryView directory,
            CreateIntents intents) {
        this.input = input;
        this.records = records;
        this.partitioning = partitioning;
        this.membership = membership;
        this.directory = directory;
        this.intents = intents;
        this.thread = new JournalThread("journal-" + input.partition());
        this.producer = new KafkaProducer<>(properties(clients, input.partition()));
    }

    private static Map<String, Object> properties(KafkaClients clients, int partition) {
        Map<String, Object> properties = clients.producer("journal-" + partition);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, clients.groupId() + "-" + partition);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        return properties;
    }

    /** Fences the former writer; from its completion on nothing of theirs can become durable. */
    Mono<Void> init() {
        return thread.run(() -> {
            while (true) {
                try {
                    producer.initTransactions();
                    return;
                } catch (TimeoutException | InterruptException e) {
                    if (thread.isStopping()) {
                        throw e;
                    }
                    log.warn("still waiting for the transaction coordinator of {}", input);
                }
            }
        });
    }

    @Override
    public Mono<Void> commit(Transaction transaction) {
        return thread.run(() -> write(transaction));
    }

    @Override
    public boolean owns(UserId userId) {
        return partitioning.of(userId) == input.partition();
    }

    /** A transaction left open is aborted by the next owner's {@link #init} or by its timeout. */
    @Override
    public Mono<Void> close() {
        return thread.stop(() -> producer.close(Duration.ZERO)).onErrorComplete();
    }

    private void write(Transaction transaction) {
        List<ProducerRecord<byte[], byte[]>> toSend = records.of(input.partition(), transaction);
        while (true) {
            try {
                List<Future<RecordMetadata>> sent = attempt(transaction, toSend);
                commitWithoutDoubt();
                updateViews(transaction, sent);
                return;
            } catch (ProducerFencedException | InvalidProducerEpochException e) {
                throw new OwnershipLost("another producer writes for " + input, e);
            } catch (ApplicationRecoverableException e) {
                throw e;
            } catch (KafkaException e) {
                abort(e);
            }
            if (thread.isStopping()) {
                throw new OwnershipLost(input + " was given up", new InterruptException("stopping"));
            }
            thread.pause(RETRY_PAUSE);
        }
    }

    private List<Future<RecordMetadata>> attempt(Transaction transaction, List<ProducerRecord<byte[], byte[]>> toSend) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>(toSend.size());
        for (ProducerRecord<byte[], byte[]> record : toSend) {
            sent.add(producer.send(record));
        }
        producer.sendOffsetsToTransaction(
                Map.of(input, new OffsetAndMetadata(transaction.watermark())), membership.get());
        return sent;
    }

    /** Once asked for, a commit may have happened whatever is heard of it, so it is only ever asked for again. */
    private void commitWithoutDoubt() {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException | InterruptException e) {
                if (thread.isStopping()) {
                    throw new OwnershipLost("the last commit of " + input + " is in doubt", e);
                }
                log.warn("still waiting for a commit of {}", input);
            }
        }
    }

    private void abort(KafkaException reason) {
        log.atWarn()
                .addKeyValue("partition", input.partition())
                .addKeyValue("cause", reason.toString())
                .log("transaction aborted, to be sent again");
        try {
            producer.abortTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new OwnershipLost("another producer writes for " + input, e);
        }
    }

    private void updateViews(Transaction transaction, List<Future<RecordMetadata>> sent) {
        int next = 0;
        for (DirectoryEntry entry : transaction.entries()) {
            directory.apply(entry.userId(), offsetOf(sent.get(next++)), entry);
        }
        for (UserId forgotten : transaction.forgotten()) {
            directory.apply(forgotten, offsetOf(sent.get(next++)), null);
        }
        for (CreateIntent intent : transaction.intents()) {
            intents.apply(intent.userId(), offsetOf(sent.get(next++)), intent);
        }
    }

    private static long offsetOf(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("committed, but not sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
