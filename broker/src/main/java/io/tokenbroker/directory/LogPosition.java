package io.tokenbroker.directory;

/**
 * One record's place in the {@code user-lifecycle} topic. The topic id tells a recreated topic, whose offsets begin
 * anew, from the one it replaced.
 */
public record LogPosition(String topicId, int partition, long offset) {

    /** Whether this place comes after {@code other}; never so across topics or partitions. */
    public boolean isAfter(LogPosition other) {
        return partition == other.partition && offset > other.offset && topicId.equals(other.topicId);
    }

    /** Whether this place is {@code other}'s or before it; never so across topics or partitions. */
    public boolean isAtOrBefore(LogPosition other) {
        return partition == other.partition && offset <= other.offset && topicId.equals(other.topicId);
    }
}
