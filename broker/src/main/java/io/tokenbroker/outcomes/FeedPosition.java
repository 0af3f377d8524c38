package io.tokenbroker.outcomes;

import java.util.Map;

/**
 * A place in the outcome log: the offset that comes next in each partition that is followed.
 *
 * @param topicId tells a recreated topic from the one it replaced
 * @param partitions how many the topic had: one added later held nothing that came before
 */
public record FeedPosition(String topicId, int partitions, Map<Integer, Long> next) {

    public FeedPosition {
        next = Map.copyOf(next);
    }
}
