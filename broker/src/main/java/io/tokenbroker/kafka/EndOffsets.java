package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/**
 * Asks Kafka how far partitions reach: their high watermarks, open transactions included. A reader of committed records
 * that has come this far has seen everything committed before the question; the end that Kafka tells such a reader
 * itself may lie before a commit that is just being made.
 */
final class EndOffsets {

    private final Admin admin;
    private final Duration timeout;

    EndOffsets(Admin admin, Duration timeout) {
        this.admin = admin;
        this.timeout = timeout;
    }

    Mono<Map<TopicPartition, Long>> of(Collection<TopicPartition> partitions) {
        return Mono.defer(() -> {
                    Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                            .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
                    ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED)
                            .timeoutMs(Math.toIntExact(timeout.toMillis()));
                    return Mono.fromCompletionStage(
                            admin.listOffsets(latest, options).all().toCompletionStage());
                })
                .map(EndOffsets::offsets);
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> infos) {
        return infos.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
