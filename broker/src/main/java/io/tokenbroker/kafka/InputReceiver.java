package io.tokenbroker.kafka;

import io.tokenbroker.pipeline.Pipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.kafka.receiver.KafkaReceiver;
import reactor.kafka.receiver.ReceiverOptions;
import reactor.util.retry.Retry;

/**
 * Reads the input log as a member of the group and hands it to the pipeline, as much as the pipeline asks for. Never
 * commits by itself: offsets are part of the pipeline's transactions. When anything goes wrong it leaves the group and
 * joins again, so that every partition is read anew from what is committed.
 */
final class InputReceiver {

    private static final Logger log = LoggerFactory.getLogger(InputReceiver.class);

    /** A membership that lasts for so long goes well. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final Map<String, Object> properties;
    private final TopicFacts topics;
    private final Pipeline pipeline;
    private final ArrivalReader reader;
    private final JournalFactory journals;
    private final IntConsumer ownedPartitions;
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.of("not started"));
    private final AtomicReference<@Nullable Membership> current = new AtomicReference<>();
    private final AtomicReference<Disposable> running = new AtomicReference<>(() -> {});

    InputReceiver(
            Map<String, Object> consumerProperties,
            String groupId,
            String startFrom,
            TopicFacts topics,
            Pipeline pipeline,
            ArrivalReader reader,
            JournalFactory journals,
            IntConsumer ownedPartitions) {
        this.properties = properties(consumerProperties, groupId, startFrom);
        this.topics = topics;
        this.pipeline = pipeline;
        this.reader = reader;
        this.journals = journals;
        this.ownedPartitions = ownedPartitions;
    }

    private static Map<String, Object> properties(Map<String, Object> base, String groupId, String startFrom) {
        Map<String, Object> properties = new HashMap<>(base);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, startFrom);
        return properties;
    }

    /** Joins the group and stays until {@link #stop}; trouble is retried for ever, with growing pauses. */
    void start() {
        running.set(oneAfterTheOther(readOnce(), failure -> {
                    trouble.set(Optional.of(String.valueOf(failure.getMessage())));
                    log.atWarn().addKeyValue("cause", failure.toString()).log("reading the input anew");
                })
                .subscribe());
    }

    /** Pauses begin anew after a membership that went well, as its failure says nothing of those before it. */
    static Flux<Long> oneAfterTheOther(Flux<Void> membership, Consumer<Throwable> failed) {
        return Flux.merge(Mono.delay(SETTLED), membership.cast(Long.class))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(500))
                        .maxBackoff(Duration.ofSeconds(10))
                        .transientErrors(true)
                        .doBeforeRetry(signal -> failed.accept(signal.failure())));
    }

    /** Leaves the group after giving back what is owned; completes when that is done. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            running.get().dispose();
            Membership last = current.get();
            return last == null ? Mono.empty() : last.whenLeft();
        });
    }

    /** Stops reading for a reason that only an operator can mend. */
    void pause(String reason) {
        stop().subscribe();
        trouble.set(Optional.of(reason));
        log.error("paused: {}", reason);
    }

    /** Why nothing is read, or a partition is left alone; empty while all is read. */
    Optional<String> trouble() {
        return trouble.get().or(() -> Optional.ofNullable(current.get()).flatMap(Membership::trouble));
    }

    private Flux<Void> readOnce() {
        return Flux.create(sink -> {
            Membership membership = new Membership(pipeline, reader, journals, ownedPartitions, sink::error);
            ReceiverOptions<byte[], byte[]> options = ReceiverOptions.<byte[], byte[]>create(properties)
                    .subscription(List.of(topics.lifecycle().name()))
                    .maxDelayRebalance(Duration.ZERO)
                    .maxDeferredCommits(0)
                    .commitInterval(Duration.ZERO)
                    .commitBatchSize(0);
            sink.onDispose(membership.subscribeTo(KafkaReceiver.create(membership.consumers(), options)));
            current.set(membership);
            trouble.set(Optional.empty());
        });
    }
}
