package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.pipeline.PartitionJournal;
import io.tokenbroker.traces.Traces;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Opens the journals of the partitions that come to be owned. */
final class JournalFactory {

    private static final Retry PATIENCE =
            Retry.backoff(10, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(5));

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final TransactionRecords records;
    private final Partitioning partitioning;
    private final DirectoryView directory;
    private final CreateIntents intents;
    private final KafkaDirectory confirmed;
    private final DirectoryTail tail;
    private final Traces traces;
    private final String outcomes;

    JournalFactory(
            KafkaClients clients,
            TopicFacts topics,
            DirectoryView directory,
            CreateIntents intents,
            KafkaDirectory confirmed,
            DirectoryTail tail,
            Traces traces) {
        this.clients = clients;
        this.records = new TransactionRecords(topics);
        this.partitioning = topics.partitioning();
        this.outcomes = topics.events().name();
        this.directory = directory;
        this.intents = intents;
        this.confirmed = confirmed;
        this.tail = tail;
        this.traces = traces;
    }

    TransactionalJournal open(TopicPartition input, Supplier<ConsumerGroupMetadata> membership) {
        return new TransactionalJournal(input, clients, records, partitioning, membership, directory, intents);
    }

    /** The journal as the pipeline shall have it. */
    PartitionJournal told(PartitionJournal journal) {
        return traces.areOn() ? new TracedJournal(journal, outcomes, traces) : journal;
    }

    /**
     * Completes when the views hold all that former owners committed; errors with {@link PartitionUnreadable} where an
     * entry is not for this broker to read.
     */
    Mono<Void> restored(int partition) {
        return confirmed
                .restored(partition)
                .retryWhen(PATIENCE)
                .then(Mono.defer(() -> tail.unreadableIn(partition)
                        .map(reason -> Mono.<Void>error(new PartitionUnreadable(reason)))
                        .orElse(Mono.empty())));
    }

    /** Completes once other entries have taken the place of those that could not be read. */
    Mono<Void> readableAgain(int partition) {
        return Flux.interval(LOOK_EVERY)
                .takeUntil(tick -> tail.unreadableIn(partition).isEmpty())
                .then();
    }
}
