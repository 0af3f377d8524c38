package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The input's consumer as reactor-kafka drives it, with what reactor-kafka keeps to itself: the group metadata of the
 * moment, which transactions are fenced by, and the difference between a partition revoked and one lost.
 */
final class InputConsumer extends KafkaConsumer<byte[], byte[]> {

    private final Ownership ownership;
    private final Map<TopicPartition, Long> polled = new HashMap<>();
    private volatile ConsumerGroupMetadata current;

    InputConsumer(Map<String, Object> properties, Ownership ownership) {
        super(properties);
        this.ownership = ownership;
        this.current = super.groupMetadata();
    }

    /** The membership as of the last poll or rebalance; unlike {@link #groupMetadata()}, callable from any thread. */
    ConsumerGroupMetadata membership() {
        return current;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        current = super.groupMetadata();
        for (TopicPartition partition : records.partitions()) {
            polled.merge(partition, (long) records.records(partition).size(), Long::sum);
        }
        return records;
    }

    /** How many records of the partition were ever handed out; to be asked on the consumer's thread. */
    long polled(TopicPartition partition) {
        return polled.getOrDefault(partition, 0L);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new Rebalances(listener));
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            ownership.left();
        }
    }

    @Override
    @SuppressWarnings("deprecation") // what reactor-kafka calls
    public void close(Duration timeout) {
        try {
            super.close(timeout);
        } finally {
            ownership.left();
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener receiver;

        Rebalances(ConsumerRebalanceListener receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            current = InputConsumer.super.groupMetadata();
            ownership.assigned(partitions, InputConsumer.this);
            receiver.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            current = InputConsumer.super.groupMetadata();
            ownership.revoked(partitions);
            receiver.onPartitionsRevoked(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            current = InputConsumer.super.groupMetadata();
            ownership.lost(partitions);
            receiver.onPartitionsLost(partitions);
        }
    }
}
