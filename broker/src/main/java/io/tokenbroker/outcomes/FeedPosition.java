package io.tokenbroker.outcomes;

import java.util.Map;
import java.util.TreeMap;

/**
 * A place in the outcome log: per partition the offset that comes next.
 *
 * @param topicId tells a recreated topic from the one it replaced
 */
public record FeedPosition(String topicId, Map<Integer, Long> next) {

    public FeedPosition {
        next = Map.copyOf(next);
    }

    /** The same place, after the record at {@code offset} of {@code partition}. */
    public FeedPosition passed(int partition, long offset) {
        Map<Integer, Long> moved = new TreeMap<>(next);
        moved.put(partition, offset + 1);
        return new FeedPosition(topicId, moved);
    }
}
