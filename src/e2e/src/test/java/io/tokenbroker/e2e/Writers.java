package io.tokenbroker.e2e;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/**
 * Who has written to the partitions of a topic that only their owners write to, as Kafka knows it. One transactional id a
 * partition, whoever owned it, is what ends the open transaction of an owner that died: at once, and not when Kafka gives
 * it up.
 */
final class Writers {

    private Writers() {}

    /** By partition, the transactional ids; of a producer that Kafka replaced by another of its id, nothing. */
    static Map<Integer, Set<String>> of(String bootstrapServers, String topic) {
        Map<Integer, Set<String>> writers = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<Long, String> ids = admin.listTransactions().all().get().stream()
                    .collect(Collectors.toMap(TransactionListing::producerId, TransactionListing::transactionalId));
            List<TopicPartition> partitions = IntStream.range(0, Topic.partitions(bootstrapServers, topic))
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            admin.describeProducers(partitions)
                    .all()
                    .get()
                    .forEach((partition, state) -> state.activeProducers().forEach(producer -> {
                        String id = ids.get(producer.producerId());
                        if (id != null) {
                            writers.computeIfAbsent(partition.partition(), any -> new TreeSet<>())
                                    .add(id);
                        }
                    }));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return writers;
    }
}
