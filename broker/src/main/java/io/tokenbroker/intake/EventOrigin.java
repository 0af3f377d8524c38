package io.tokenbroker.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an event came in.
 *
 * @param on the record's timestamp, or the moment it was received: the time of an event that has none, and what its
 *     time must not be far ahead of
 * @param key the record's key, where it has a readable one
 * @param fromLog whether it was read from the input log, the only place where the broker's own events may come from
 */
public record EventOrigin(Instant on, @Nullable String key, boolean fromLog) {

    /** Read from the input log. */
    public static EventOrigin inLog(Instant timestamp, @Nullable String key) {
        return new EventOrigin(timestamp, key, true);
    }

    /** Sent by somebody, and not in the log yet. */
    public static EventOrigin from(Instant now) {
        return new EventOrigin(now, null, false);
    }
}
