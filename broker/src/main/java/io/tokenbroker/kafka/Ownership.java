package io.tokenbroker.kafka;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/** Told of every change of what this member of the group owns, on the consumer's thread. */
interface Ownership {

    /** These are ours from now on. */
    void assigned(Collection<TopicPartition> partitions, InputConsumer consumer);

    /** These are to be given back when this returns. */
    void revoked(Collection<TopicPartition> partitions);

    /** These are somebody else's already. */
    void lost(Collection<TopicPartition> partitions);

    /** The consumer is closed: whatever was owned has been given back, and the group was left. */
    void left();
}
