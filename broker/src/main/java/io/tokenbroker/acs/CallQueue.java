package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** Calls in three queues, first come first served within each priority. Removing one costs the same anywhere. */
final class CallQueue {

    private final Map<Priority, SequencedSet<GovernedCall<?>>> queues = new EnumMap<>(Priority.class);

    CallQueue() {
        for (Priority priority : Priority.values()) {
            queues.put(priority, new LinkedHashSet<>());
        }
    }

    void addLast(GovernedCall<?> call) {
        queue(call.priority()).addLast(call);
    }

    void addFirst(GovernedCall<?> call) {
        queue(call.priority()).addFirst(call);
    }

    void remove(GovernedCall<?> call) {
        queue(call.priority()).remove(call);
    }

    /** The first of the most urgent. */
    @Nullable GovernedCall<?> first() {
        for (Priority priority : Priority.values()) {
            GovernedCall<?> call = first(priority);
            if (call != null) {
                return call;
            }
        }
        return null;
    }

    @Nullable GovernedCall<?> first(Priority priority) {
        SequencedSet<GovernedCall<?>> queue = queue(priority);
        return queue.isEmpty() ? null : queue.getFirst();
    }

    List<GovernedCall<?>> all(Priority priority) {
        return List.copyOf(queue(priority));
    }

    /** Everybody, the most urgent first. */
    List<GovernedCall<?>> all() {
        return queues.values().stream()
                .<GovernedCall<?>>flatMap(SequencedSet::stream)
                .toList();
    }

    int size(Priority priority) {
        return queue(priority).size();
    }

    private SequencedSet<GovernedCall<?>> queue(Priority priority) {
        SequencedSet<GovernedCall<?>> queue = queues.get(priority);
        if (queue == null) {
            throw new IllegalStateException();
        }
        return queue;
    }
}
