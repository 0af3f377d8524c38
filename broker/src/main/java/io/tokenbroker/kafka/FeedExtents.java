package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks Kafka what a topic holds, as readers of committed records see it. Blocks nobody. */
final class FeedExtents {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    private final Admin admin;
    private final String topic;
    private final Flux<String> ids;

    FeedExtents(Admin admin, String topic) {
        this(admin, topic, LOOK_EVERY);
    }

    FeedExtents(Admin admin, String topic, Duration lookEvery) {
        this.admin = admin;
        this.topic = topic;
        this.ids = Flux.interval(lookEvery)
                .onBackpressureDrop()
                .concatMap(tick ->
                        describe().map(found -> found.topicId().toString()).onErrorResume(e -> Mono.empty()))
                .publish()
                .refCount();
    }

    /** Completes once the topic is another than that one: its offsets alone would not tell. Shared by all listeners. */
    Mono<String> replacementOf(String topicId) {
        return ids.filter(id -> !id.equals(topicId)).next();
    }

    Mono<FeedStart.Extent> now() {
        return describe().flatMap(found -> {
            List<TopicPartition> partitions = found.partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            return Mono.zip(
                    offsets(partitions, OffsetSpec.earliest()),
                    offsets(partitions, OffsetSpec.latest()),
                    (first, end) -> new FeedStart.Extent(found.topicId().toString(), first, end));
        });
    }

    private Mono<TopicDescription> describe() {
        return Mono.fromCompletionStage(() ->
                        admin.describeTopics(List.of(topic)).allTopicNames().toCompletionStage())
                .mapNotNull(found -> found.get(topic));
    }

    private Mono<Map<Integer, Long>> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        return Mono.fromCompletionStage(
                        () -> admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all()
                                .toCompletionStage())
                .map(FeedExtents::byPartition);
    }

    private static Map<Integer, Long> byPartition(Map<TopicPartition, ListOffsetsResultInfo> found) {
        Map<Integer, Long> offsets = new HashMap<>();
        found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
        return offsets;
    }
}
