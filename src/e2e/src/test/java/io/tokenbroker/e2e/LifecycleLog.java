package io.tokenbroker.e2e;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * What upstream asked for, by the last word on each user. Right for logs whose events are all well-formed and in order;
 * where several are in doubt, the tests say themselves what they expect.
 *
 * @param users all that were ever spoken of
 * @param wanted those who exist after the last event
 * @param suspended those of them who may have no tokens
 */
record LifecycleLog(Set<String> users, Set<String> wanted, Set<String> suspended) {

    LifecycleLog {
        users = Set.copyOf(users);
        wanted = Set.copyOf(wanted);
        suspended = Set.copyOf(suspended);
    }

    static LifecycleLog read(String bootstrapServers) {
        List<ConsumerRecord<byte[], byte[]>> log = Topic.read(bootstrapServers, Topic.LIFECYCLE);
        int partitions = Topic.partitions(bootstrapServers, Topic.LIFECYCLE);
        Set<String> users = new HashSet<>();
        Set<String> wanted = new HashSet<>();
        Set<String> suspended = new HashSet<>();
        for (var told : log) {
            String user = subject(told);
            // elsewhere it is not applied, but written again at home
            if (user.equals(Topic.utf8(told.key())) && told.partition() == home(told.key(), partitions)) {
                users.add(user);
                switch (type(told)) {
                    case UserEvent.CREATED -> wanted.add(user);
                    case UserEvent.DELETED -> {
                        wanted.remove(user);
                        suspended.remove(user);
                    }
                    case UserEvent.SUSPENDED -> {
                        if (wanted.contains(user)) {
                            suspended.add(user);
                        }
                    }
                    case UserEvent.RESUMED -> suspended.remove(user);
                    default -> {}
                }
            }
        }
        return new LifecycleLog(users, wanted, suspended);
    }

    static int home(byte[] key, int partitions) {
        return BuiltInPartitioner.partitionForKey(key, partitions);
    }

    private static String subject(ConsumerRecord<byte[], byte[]> told) {
        String header = Topic.header(told, "ce_subject");
        return header == null ? structured(told, "subject") : header;
    }

    private static String type(ConsumerRecord<byte[], byte[]> told) {
        return Objects.requireNonNullElseGet(Topic.header(told, "ce_type"), () -> structured(told, "type"));
    }

    private static String structured(ConsumerRecord<byte[], byte[]> told, String attribute) {
        return Http.JSON.readTree(told.value()).path(attribute).asString("");
    }
}
