package io.tokenbroker.busdouble;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entities by their paths, in which case does not matter. To be used on one thread. */
final class Namespace {

    static final String SUBSCRIPTIONS = "/subscriptions/";
    private static final String DEAD_LETTERS = "/$deadletterqueue";

    /** Queues and subscriptions. */
    private final Map<String, Queue> queues = new LinkedHashMap<>();

    private final Map<String, EntityOptions> topics = new LinkedHashMap<>();
    private final Map<String, Duplicates> seen = new LinkedHashMap<>();
    private final Set<String> disabled = new HashSet<>();

    static String key(String path) {
        String key = path.toLowerCase(Locale.ROOT);
        return key.startsWith("/") ? key.substring(1) : key;
    }

    void createQueue(String name, EntityOptions options) {
        queues.put(key(name), new Queue(options, true));
    }

    void createTopic(String name, EntityOptions options) {
        topics.put(key(name), options);
        seen.put(key(name), new Duplicates(options.duplicateDetection()));
    }

    void createSubscription(String topic, String name, EntityOptions options) {
        queues.put(key(topic) + SUBSCRIPTIONS + key(name), new Queue(options.withoutDuplicateDetection(), true));
    }

    void delete(String path) {
        String key = key(path);
        topics.remove(key);
        queues.keySet().removeIf(queue -> queue.equals(key) || queue.startsWith(key + SUBSCRIPTIONS));
    }

    void disable(String path, boolean off) {
        if (off) {
            disabled.add(key(path));
        } else {
            disabled.remove(key(path));
        }
    }

    boolean isDisabled(String path) {
        return disabled.stream().anyMatch(key(path)::equals);
    }

    /** What can be received from. */
    @Nullable Queue source(String path) {
        String key = key(path);
        if (key.endsWith(DEAD_LETTERS)) {
            Queue queue = queues.get(key.substring(0, key.length() - DEAD_LETTERS.length()));
            return queue == null ? null : queue.deadLetters();
        }
        return queues.get(key);
    }

    boolean isTarget(String path) {
        String key = key(path);
        return topics.containsKey(key) || (queues.containsKey(key) && !key.contains(SUBSCRIPTIONS));
    }

    boolean exists(String path) {
        return isTarget(path) || source(path) != null;
    }

    /** @return the queues that have it now */
    List<Queue> send(String path, byte[] encoded, long now) {
        String key = key(path);
        Duplicates known = seen.get(key);
        if (!topics.containsKey(key) || known == null) {
            Queue queue = queues.get(key);
            if (queue == null) {
                return List.of();
            }
            queue.add(encoded, now);
            return List.of(queue);
        }
        String id = new StoredMessage(0, now, encoded).messageId();
        List<Queue> reached = new ArrayList<>();
        if (!known.isDuplicate(id, now)) {
            queues.forEach((name, queue) -> {
                if (name.startsWith(key + SUBSCRIPTIONS)) {
                    queue.add(encoded, now);
                    reached.add(queue);
                }
            });
        }
        return reached;
    }

    Collection<Queue> all() {
        return queues.values();
    }
}
