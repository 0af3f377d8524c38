package io.tokenbroker.bench.load;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far the broker's group is behind the end of its input. */
final class Lag implements AutoCloseable {

    private static final String GROUP = "tokenbroker";

    private final Admin admin;

    Lag(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Records that are not done. */
    long now() throws InterruptedException, ExecutionException {
        var description = requireNonNull(admin.describeTopics(List.of(Events.INPUT))
                .allTopicNames()
                .get()
                .get(Events.INPUT));
        Map<TopicPartition, OffsetSpec> ends = description.partitions().stream()
                .collect(Collectors.toMap(
                        info -> new TopicPartition(Events.INPUT, info.partition()), info -> OffsetSpec.latest()));
        Map<TopicPartition, OffsetAndMetadata> done = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        long lag = 0;
        for (var end : admin.listOffsets(ends).all().get().entrySet()) {
            OffsetAndMetadata offset = done.get(end.getKey());
            lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
        }
        return lag;
    }

    @Override
    public void close() {
        admin.close();
    }
}
