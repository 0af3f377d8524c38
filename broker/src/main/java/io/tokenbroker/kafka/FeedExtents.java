package io.tokenbroker.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka what a topic holds, as readers of committed records see it. Blocks nobody. However many ask, Kafka is asked
 * one question at a time, and an answer is for those alone who asked before that question went out.
 */
final class FeedExtents {

    private final Admin admin;
    private final String topic;
    private @Nullable CompletableFuture<FeedStart.Extent> waiting;
    private boolean asking;

    FeedExtents(Admin admin, String topic) {
        this.admin = admin;
        this.topic = topic;
    }

    CompletableFuture<FeedStart.Extent> now() {
        CompletableFuture<FeedStart.Extent> mine;
        synchronized (this) {
            mine = waiting == null ? new CompletableFuture<>() : waiting;
            waiting = mine;
            if (asking) {
                return mine;
            }
            asking = true;
        }
        ask();
        return mine;
    }

    CompletableFuture<FeedTopic> describe() {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(found -> found(found.get(topic)));
    }

    private static FeedTopic found(@Nullable TopicDescription found) {
        if (found == null) {
            throw new IllegalStateException();
        }
        return new FeedTopic(found.topicId().toString(), found.partitions().size());
    }

    private void ask() {
        CompletableFuture<FeedStart.Extent> answer;
        synchronized (this) {
            if (waiting == null) {
                asking = false;
                return;
            }
            answer = waiting;
            waiting = null;
        }
        var unused = describe().thenCompose(this::extent).whenComplete((extent, fault) -> {
            if (fault == null) {
                answer.complete(extent);
            } else {
                answer.completeExceptionally(fault);
            }
            ask();
        });
    }

    private CompletableFuture<FeedStart.Extent> extent(FeedTopic found) {
        return offsets(found, OffsetSpec.earliest())
                .thenCombine(
                        offsets(found, OffsetSpec.latest()), (first, end) -> new FeedStart.Extent(found, first, end));
    }

    private CompletableFuture<Map<Integer, Long>> offsets(FeedTopic found, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < found.partitions(); partition++) {
            asked.put(new TopicPartition(topic, partition), spec);
        }
        return admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(FeedExtents::byPartition);
    }

    private static Map<Integer, Long> byPartition(Map<TopicPartition, ListOffsetsResultInfo> found) {
        Map<Integer, Long> offsets = new HashMap<>();
        found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
        return offsets;
    }
}
