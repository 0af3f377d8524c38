package io.tokenbroker.e2e;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** How far the broker's group is behind the input log, and who is at work on it. */
final class Lag implements AutoCloseable {
    private static final String GROUP = "tokenbroker";
    private static final long LIMIT_SECONDS = 10;

    private final Admin admin;

    Lag(Stack stack) {
        admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()));
    }

    /** Records that are written and not yet decided, of all partitions the group has offsets for; very many if unknown. */
    long records() {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            var ends = admin.listOffsets(committed.keySet().stream()
                            .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return committed.entrySet().stream()
                    .mapToLong(one -> requireNonNull(ends.get(one.getKey())).offset()
                            - one.getValue().offset())
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            return Long.MAX_VALUE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether so many instances, and no others, have partitions, and none is being handed over. */
    boolean isSharedBy(int instances) {
        try {
            var group = requireNonNull(admin.describeConsumerGroups(List.of(GROUP))
                            .describedGroups()
                            .get(GROUP))
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return group.groupState() == GroupState.STABLE
                    && group.members().size() == instances
                    && group.members().stream()
                            .noneMatch(member ->
                                    member.assignment().topicPartitions().isEmpty());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
