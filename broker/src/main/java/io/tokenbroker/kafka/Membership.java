package io.tokenbroker.kafka;

import io.tokenbroker.pipeline.OwnedPartition;
import io.tokenbroker.pipeline.Pipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.kafka.receiver.ReceiverRecord;
import reactor.kafka.receiver.internals.ConsumerFactory;

/**
 * One membership in the group, from joining to leaving: what it owns, and the records that come of it. Rebalances run on
 * the consumer's own thread and may block it, which Kafka's protocol wants of them.
 */
final class Membership implements Ownership {

    /** Longest wait for the former owners to be fenced, or for what is revoked to come to rest. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Pipeline pipeline;
    private final ArrivalReader reader;
    private final JournalFactory journals;
    private final IntConsumer ownedPartitions;
    private final java.util.function.Consumer<Throwable> onFailure;
    private final Map<Integer, OwnedPartition> owned = new ConcurrentHashMap<>();

    /** Per partition, how many of its records were on their way already when it was last assigned. */
    private final Map<Integer, Long> leftovers = new ConcurrentHashMap<>();

    private final Map<Integer, LeftAlone> leftAlone = new ConcurrentHashMap<>();

    private final Records records = new Records();
    private final Sinks.Empty<Void> left = Sinks.empty();

    Membership(
            Pipeline pipeline,
            ArrivalReader reader,
            JournalFactory journals,
            IntConsumer ownedPartitions,
            java.util.function.Consumer<Throwable> onFailure) {
        this.pipeline = pipeline;
        this.reader = reader;
        this.journals = journals;
        this.ownedPartitions = ownedPartitions;
        this.onFailure = onFailure;
    }

    /** Makes the consumer that tells this membership what it owns. */
    ConsumerFactory consumers() {
        return new InputConsumers();
    }

    /** Begins; disposing leaves the group. */
    Disposable subscribeTo(KafkaReceiver<byte[], byte[]> receiver) {
        receiver.receive().subscribe(records);
        return records;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions, InputConsumer consumer) {
        Map<TopicPartition, TransactionalJournal> opened = new HashMap<>();
        partitions.forEach(partition -> opened.put(partition, journals.open(partition, consumer::membership)));
        try {
            // first the fence, then the position: what the former owner committed last is seen by both
            await(Flux.fromIterable(opened.values())
                    .flatMap(TransactionalJournal::init)
                    .then());
            opened.forEach((partition, journal) -> {
                leftovers.put(partition.partition(), consumer.polled(partition));
                own(partition.partition(), journal, consumer.position(partition));
            });
        } catch (RuntimeException e) {
            opened.values().forEach(journal -> journal.close().subscribe());
            throw e;
        }
        ownedPartitions.accept(owned.size());
    }

    private void own(int partition, TransactionalJournal journal, long start) {
        Mono<Void> restored = journals.restored(partition);
        owned.put(
                partition,
                pipeline.assign(
                        partition, journals.told(journal), start, restored, failure -> failed(partition, failure)));
    }

    /** A partition that cannot be read is kept and left alone: given back, it would only be the next owner's. */
    private void failed(int partition, Throwable failure) {
        if (failure instanceof PartitionUnreadable unreadable) {
            Disposable mended = journals.readableAgain(partition)
                    .subscribe(
                            nothing -> {},
                            onFailure,
                            () -> onFailure.accept(
                                    new KafkaException("partition " + partition + " is readable again")));
            leftAlone.put(partition, new LeftAlone(String.valueOf(unreadable.getMessage()), mended));
        } else {
            onFailure.accept(failure);
        }
    }

    /** Why a partition that is owned is left alone; empty where all of them are seen to. */
    Optional<String> trouble() {
        return leftAlone.values().stream().map(LeftAlone::reason).findFirst();
    }

    private record LeftAlone(String reason, Disposable mended) {}

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        await(Flux.fromIterable(takeAway(partitions))
                .flatMap(OwnedPartition::revoke)
                .then());
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
        takeAway(partitions).forEach(OwnedPartition::lose);
    }

    @Override
    public void left() {
        left.tryEmitEmpty();
    }

    /** Completes once the group was left. */
    Mono<Void> whenLeft() {
        return left.asMono();
    }

    private List<OwnedPartition> takeAway(Collection<TopicPartition> partitions) {
        List<OwnedPartition> taken = partitions.stream()
                .map(partition -> owned.remove(partition.partition()))
                .filter(Objects::nonNull)
                .toList();
        partitions.stream()
                .map(partition -> leftAlone.remove(partition.partition()))
                .filter(Objects::nonNull)
                .forEach(partition -> partition.mended().dispose());
        ownedPartitions.accept(owned.size());
        return taken;
    }

    private static void await(Mono<Void> work) {
        try {
            work.toFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("a change of ownership did not come to its end", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private final class Records extends BaseSubscriber<ReceiverRecord<byte[], byte[]>> {
        private final Map<Integer, Long> arrived = new HashMap<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            pipeline.admission().open(this::request);
        }

        @Override
        protected void hookOnNext(ReceiverRecord<byte[], byte[]> record) {
            OwnedPartition partition = owned.get(record.partition());
            if (isLeftover(record.partition()) || partition == null) {
                pipeline.admission().skipped();
            } else {
                partition.accept(reader.read(record));
            }
        }

        /**
         * reactor-kafka goes on handing out what it has polled before a partition was taken away, even after the
         * partition came back, where reading starts again at what is committed. All it polls it hands out once and in
         * order, so counting tells the one from the other.
         */
        private boolean isLeftover(int partition) {
            long count = arrived.merge(partition, 1L, Long::sum);
            return count <= leftovers.getOrDefault(partition, 0L);
        }

        @Override
        protected void hookOnError(Throwable error) {
            onFailure.accept(error);
        }
    }

    private final class InputConsumers extends ConsumerFactory {
        @Override
        @SuppressWarnings("unchecked") // the receiver is one of bytes, and so are its options
        public <K, V> Consumer<K, V> createConsumer(ReceiverOptions<K, V> options) {
            return (Consumer<K, V>) new InputConsumer(options.consumerProperties(), Membership.this);
        }
    }
}
