package io.tokenbroker.pipeline;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.UserEvent;
import org.jspecify.annotations.Nullable;

/** One record of the input log, read. */
public sealed interface Arrival {

    RawRecord record();

    /** A valid event in its user's partition. */
    record Event(RawRecord record, UserEvent event) implements Arrival {}

    /** A valid event that lies in another partition, or under another key, than its user's. */
    record Misrouted(RawRecord record, UserId userId) implements Arrival {}

    /** Neither ours nor aliased. */
    record Foreign(RawRecord record) implements Arrival {}

    /**
     * Cannot be applied.
     *
     * @param userId the user it speaks of, where that could be read and the record lies in that user's partition
     */
    record Unreadable(
            RawRecord record,
            @Nullable UserId userId,
            @Nullable String eventType,
            String reason) implements Arrival {}
}
