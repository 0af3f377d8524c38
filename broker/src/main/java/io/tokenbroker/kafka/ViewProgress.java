package io.tokenbroker.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * How far the views have come: per partition, the offset before which everything committed is in them. Thread-safe.
 */
final class ViewProgress {

    private record Waiter(Map<TopicPartition, Long> targets, MonoSink<Void> sink) {}

    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final List<Waiter> waiters = new CopyOnWriteArrayList<>();

    /** Every partition the views are made of. */
    static List<TopicPartition> partitions(TopicFacts topics) {
        return Stream.of(topics.directory(), topics.createIntents())
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .toList();
    }

    long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    void reached(TopicPartition partition, long position) {
        Long before = positions.put(partition, position);
        if (before == null || before != position) {
            release();
        }
    }

    /** Completes once every partition is at its target or past it; on which thread is not said. */
    Mono<Void> whenReached(Map<TopicPartition, Long> targets) {
        return Mono.create(sink -> {
            Waiter waiter = new Waiter(Map.copyOf(targets), sink);
            waiters.add(waiter);
            sink.onDispose(() -> waiters.remove(waiter));
            if (isReached(waiter)) {
                sink.success();
            }
        });
    }

    private void release() {
        List<Waiter> done = new ArrayList<>(waiters);
        done.removeIf(Predicate.not(this::isReached));
        done.forEach(waiter -> waiter.sink().success());
    }

    private boolean isReached(Waiter waiter) {
        return waiter.targets().entrySet().stream().allMatch(target -> position(target.getKey()) >= target.getValue());
    }
}
