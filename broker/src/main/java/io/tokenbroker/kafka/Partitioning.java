package io.tokenbroker.kafka;

import io.tokenbroker.directory.UserId;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition a key belongs to: as Java's default partitioner says, whatever wrote the record. Clients of other
 * languages hash differently by default, and a user in two partitions would get two identities.
 *
 * @param partitions how many there are
 */
record Partitioning(int partitions) {

    Partitioning {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions is " + partitions + "; allowed: at least 1");
        }
    }

    int of(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    int of(UserId userId) {
        return of(userId.utf8());
    }

    /** Whether the record's key is the user id, and its partition the one for it. */
    boolean isHome(ConsumerRecord<byte[], byte[]> record, UserId userId) {
        byte[] key = userId.utf8();
        return Arrays.equals(record.key(), key) && record.partition() == of(key);
    }
}
