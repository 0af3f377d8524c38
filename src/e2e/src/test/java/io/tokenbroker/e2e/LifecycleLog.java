package io.tokenbroker.e2e;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * @param voided when those of them who were to lose every token were last to
 * @param astray ids of events that lie where they are not applied, and not as often where they are
 */
record LifecycleLog(
        Set<String> users, Set<String> wanted, Set<String> suspended, Map<String, Instant> voided, Set<String> astray) {

    LifecycleLog {
        users = Set.copyOf(users);
        wanted = Set.copyOf(wanted);
        suspended = Set.copyOf(suspended);
        voided = Map.copyOf(voided);
        astray = Set.copyOf(astray);
    }

    static LifecycleLog read(String bootstrapServers) {
        List<ConsumerRecord<byte[], byte[]>> log = Topic.read(bootstrapServers, Topic.LIFECYCLE);
        int partitions = Topic.partitions(bootstrapServers, Topic.LIFECYCLE);
        Set<String> users = new HashSet<>();
        Set<String> wanted = new HashSet<>();
        Set<String> suspended = new HashSet<>();
        Map<String, Instant> voided = new HashMap<>();
        Map<String, Integer> toCome = new HashMap<>();
        for (var told : log) {
            String user = subject(told);
            // elsewhere it is not applied, but written again at home
            if (!user.equals(Topic.utf8(told.key())) || told.partition() != home(told.key(), partitions)) {
                toCome.merge(id(told), 1, Integer::sum);
                continue;
            }
            toCome.merge(id(told), -1, Integer::sum);
            users.add(user);
            switch (type(told)) {
                case UserEvent.CREATED -> wanted.add(user);
                case UserEvent.DELETED -> {
                    wanted.remove(user);
                    suspended.remove(user);
                    voided.remove(user);
                }
                case UserEvent.SUSPENDED -> {
                    if (wanted.contains(user) && suspended.add(user)) {
                        voided.put(user, Instant.ofEpochMilli(told.timestamp()));
                    }
                }
                case UserEvent.SESSIONS_REVOKED -> {
                    if (wanted.contains(user)) {
                        voided.put(user, Instant.ofEpochMilli(told.timestamp()));
                    }
                }
                case UserEvent.RESUMED -> suspended.remove(user);
                default -> {}
            }
        }
        toCome.values().removeIf(missing -> missing <= 0);
        return new LifecycleLog(users, wanted, suspended, voided, toCome.keySet());
    }

    static int home(byte[] key, int partitions) {
        return BuiltInPartitioner.partitionForKey(key, partitions);
    }

    private static String subject(ConsumerRecord<byte[], byte[]> told) {
        String header = Topic.header(told, "ce_subject");
        return header == null ? structured(told, "subject") : header;
    }

    private static String id(ConsumerRecord<byte[], byte[]> told) {
        return Objects.requireNonNullElseGet(Topic.header(told, "ce_id"), () -> structured(told, "id"));
    }

    private static String type(ConsumerRecord<byte[], byte[]> told) {
        return Objects.requireNonNullElseGet(Topic.header(told, "ce_type"), () -> structured(told, "type"));
    }

    private static String structured(ConsumerRecord<byte[], byte[]> told, String attribute) {
        return Http.JSON.readTree(told.value()).path(attribute).asString("");
    }
}
