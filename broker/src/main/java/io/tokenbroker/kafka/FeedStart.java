package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a feed begins, and what may be missing before that.
 *
 * @param gaps empty where it goes on exactly after the position that was asked for
 */
record FeedStart(FeedPosition position, Set<Reason> gaps) {

    /** What a topic holds now, per partition: the first offset, and the one after the last committed record. */
    record Extent(String topicId, Map<Integer, Long> first, Map<Integer, Long> end) {}

    /** @param after {@code null} for what comes from now on */
    static FeedStart of(@Nullable FeedPosition after, Extent extent) {
        if (after == null) {
            return new FeedStart(new FeedPosition(extent.topicId(), extent.end()), Set.of());
        }
        if (!after.topicId().equals(extent.topicId())) {
            // all that the new topic has came after anything in the old one
            return new FeedStart(new FeedPosition(extent.topicId(), extent.first()), Set.of(Reason.TOPIC));
        }
        Set<Reason> gaps = EnumSet.noneOf(Reason.class);
        Map<Integer, Long> next = new HashMap<>();
        extent.first().forEach((partition, first) -> {
            long end = extent.end().getOrDefault(partition, first);
            // a partition added later holds nothing that came before
            long asked = after.next().getOrDefault(partition, first);
            if (asked < 0 || asked > end) {
                gaps.add(Reason.POSITION);
                next.put(partition, end);
            } else if (asked < first) {
                gaps.add(Reason.RETENTION);
                next.put(partition, first);
            } else {
                next.put(partition, asked);
            }
        });
        if (!extent.first().keySet().containsAll(after.next().keySet())) {
            gaps.add(Reason.POSITION);
        }
        return new FeedStart(new FeedPosition(extent.topicId(), next), gaps);
    }
}
