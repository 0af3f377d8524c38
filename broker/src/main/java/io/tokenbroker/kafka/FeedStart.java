package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import io.tokenbroker.outcomes.Wanted;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a feed begins, and what may be missing before that. Only the partitions of the wanted users are followed.
 *
 * @param gaps empty where it goes on exactly after the position that was asked for
 */
record FeedStart(FeedPosition position, Set<Reason> gaps) {

    /** What a topic holds now, per partition: the first offset, and the one after the last committed record. */
    record Extent(FeedTopic topic, Map<Integer, Long> first, Map<Integer, Long> end) {

        long first(int partition) {
            return first.getOrDefault(partition, 0L);
        }

        long end(int partition) {
            return end.getOrDefault(partition, 0L);
        }
    }

    /** @param after {@code null} for what comes from now on */
    static FeedStart of(@Nullable FeedPosition after, Extent extent, Wanted wanted) {
        FeedTopic topic = extent.topic();
        if (after == null) {
            return new FeedStart(at(extent.end(), topic, FeedTopic.homes(wanted, topic.partitions())), Set.of());
        }
        if (!after.topicId().equals(topic.id())) {
            // all that the new topic has came after anything in the old one
            Set<Integer> followed = FeedTopic.homes(wanted, topic.partitions());
            return new FeedStart(at(extent.first(), topic, followed), Set.of(Reason.TOPIC));
        }
        Set<Reason> gaps = EnumSet.noneOf(Reason.class);
        Map<Integer, Long> next = new HashMap<>();
        Set<Integer> then = FeedTopic.homes(wanted, countAt(after, topic));
        for (int partition : followed(after, topic, wanted)) {
            long first = extent.first(partition);
            long end = extent.end(partition);
            Long asked = asked(partition, after, then);
            if (asked == null || asked < 0 || asked > end) {
                gaps.add(Reason.POSITION);
                next.put(partition, end);
            } else if (asked < first) {
                gaps.add(Reason.RETENTION);
                next.put(partition, first);
            } else {
                next.put(partition, asked);
            }
        }
        if (!isOf(topic, after)) {
            gaps.add(Reason.POSITION);
        }
        return new FeedStart(new FeedPosition(topic.id(), topic.partitions(), next), gaps);
    }

    /** What is followed after a position of this topic, and from where; {@code null} where Kafka has to be asked. */
    static @Nullable FeedPosition known(FeedPosition after, FeedRing ring, Wanted wanted) {
        FeedTopic topic = ring.topic();
        if (!after.topicId().equals(topic.id()) || !isOf(topic, after)) {
            return null;
        }
        Map<Integer, Long> next = new HashMap<>();
        Set<Integer> then = FeedTopic.homes(wanted, countAt(after, topic));
        for (int partition : followed(after, topic, wanted)) {
            Long asked = asked(partition, after, then);
            if (asked == null) {
                return null;
            }
            next.put(partition, asked);
        }
        return ring.holds(next) ? new FeedPosition(topic.id(), topic.partitions(), next) : null;
    }

    private static boolean isOf(FeedTopic topic, FeedPosition after) {
        return after.partitions() >= 1
                && after.partitions() <= topic.partitions()
                && after.next().keySet().stream().allMatch(partition -> partition < topic.partitions());
    }

    /** Also where the users' outcomes were written while there were fewer partitions. */
    private static Set<Integer> followed(FeedPosition after, FeedTopic topic, Wanted wanted) {
        if (wanted.isOfEverybody()) {
            return FeedTopic.homes(wanted, topic.partitions());
        }
        Set<Integer> followed = new TreeSet<>();
        for (int count = countAt(after, topic); count <= topic.partitions(); count++) {
            followed.addAll(FeedTopic.homes(wanted, count));
        }
        return followed;
    }

    /** An id may say anything. */
    private static int countAt(FeedPosition after, FeedTopic topic) {
        return Math.clamp(after.partitions(), 1, topic.partitions());
    }

    /**
     * {@code null} for a partition that was not followed until this position, and may have had what is wanted now.
     *
     * @param then where that was at this position
     */
    private static @Nullable Long asked(int partition, FeedPosition after, Set<Integer> then) {
        Long asked = after.next().get(partition);
        return asked == null && !then.contains(partition) ? Long.valueOf(0) : asked;
    }

    private static FeedPosition at(Map<Integer, Long> offsets, FeedTopic topic, Set<Integer> followed) {
        Map<Integer, Long> next = new HashMap<>();
        followed.forEach(partition -> next.put(partition, offsets.getOrDefault(partition, 0L)));
        return new FeedPosition(topic.id(), topic.partitions(), next);
    }
}
