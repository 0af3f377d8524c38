package io.tokenbroker.kafka;

import io.tokenbroker.directory.UserId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Entries of the directory that this broker does not understand, until other ones take their place. Thread-safe. */
final class UnreadableEntries {

    private final Map<Integer, Map<UserId, String>> byPartition = new ConcurrentHashMap<>();

    /** @return whether it is the first of its partition */
    boolean found(int partition, UserId userId, String reason) {
        Map<UserId, String> reasons = byPartition.computeIfAbsent(partition, p -> new ConcurrentHashMap<>());
        reasons.put(userId, reason);
        return reasons.size() == 1;
    }

    void replaced(int partition, UserId userId) {
        Map<UserId, String> reasons = byPartition.get(partition);
        if (reasons != null) {
            reasons.remove(userId);
        }
    }

    /** What is wrong with one of them; empty where there is none. */
    Optional<String> in(int partition) {
        Map<UserId, String> reasons = byPartition.get(partition);
        return reasons == null ? Optional.empty() : reasons.values().stream().findFirst();
    }
}
