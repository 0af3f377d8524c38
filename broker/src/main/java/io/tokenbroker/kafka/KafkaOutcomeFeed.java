package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;

/** The {@code token-events} topic from any position on. Each subscription reads by itself, and stops when cancelled. */
final class KafkaOutcomeFeed implements OutcomeFeed {

    private static final int PREFETCH = 64;
    private static final int FETCH_BYTES = 64 * 1024;

    private final String topic;
    private final Map<String, Object> properties;
    private final FeedExtents extents;
    private final AtomicLong opened = new AtomicLong();

    KafkaOutcomeFeed(TopicFacts topics, KafkaClients clients, FeedExtents extents) {
        this.topic = topics.events().name();
        this.extents = extents;
        this.properties = clients.consumer("feed");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, PREFETCH);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * FETCH_BYTES);
    }

    @Override
    public Flux<Item> after(@Nullable FeedPosition after) {
        return extents.now().flatMapMany(extent -> {
            FeedStart start = FeedStart.of(after, extent);
            Flux<Item> items = from(start);
            return start.gaps().isEmpty() ? items.startWith(new Item.Started(start.position())) : items;
        });
    }

    private Flux<Item> goOn(FeedPosition after) {
        return extents.now().flatMapMany(extent -> from(FeedStart.of(after, extent)));
    }

    private Flux<Item> from(FeedStart start) {
        AtomicReference<FeedPosition> reached = new AtomicReference<>(start.position());
        Flux<Item> gaps = Flux.fromIterable(start.gaps()).map(reason -> new Item.Gap(start.position(), reason));
        Flux<Item> announced = records(start.position())
                .takeUntilOther(extents.replacementOf(start.position().topicId()))
                .concatMap(record -> announced(record, reached), 0)
                // the records read on from here went while they were waited for, or the topic was made anew
                .onErrorResume(InvalidOffsetException.class, e -> Flux.empty())
                .concatWith(Flux.defer(() -> goOn(reached.get())));
        return gaps.concatWith(announced);
    }

    private static Mono<Item> announced(ConsumerRecord<byte[], byte[]> record, AtomicReference<FeedPosition> reached) {
        FeedPosition position = reached.updateAndGet(before -> before.passed(record.partition(), record.offset()));
        return Mono.justOrEmpty(OutcomeCodec.decode(record).map(outcome -> new Item.Announced(position, outcome)));
    }

    private Flux<? extends ConsumerRecord<byte[], byte[]>> records(FeedPosition start) {
        List<TopicPartition> partitions = start.next().keySet().stream()
                .sorted()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        ReceiverOptions<byte[], byte[]> options = ReceiverOptions.<byte[], byte[]>create(properties)
                // each consumer's metrics have its client id for a name
                .consumerProperty(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        properties.get(ConsumerConfig.CLIENT_ID_CONFIG) + "-" + opened.incrementAndGet())
                .assignment(partitions)
                .closeTimeout(Duration.ofSeconds(1))
                .addAssignListener(assigned -> assigned.forEach(partition -> partition.seek(
                        start.next().getOrDefault(partition.topicPartition().partition(), 0L))));
        return KafkaReceiver.create(options).receive();
    }
}
