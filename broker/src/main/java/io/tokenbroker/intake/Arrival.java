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
public record Arrival(Instant on, @Nullable String key, boolean fromLog) {

    /** Read from the input log. */
    public static Arrival inLog(Instant timestamp, @Nullable String key) {
        return new Arrival(timestamp, key, true);
    }

    /** Sent by somebody, and not in the log yet. */
    public static Arrival from(Instant now) {
        return new Arrival(now, null, false);
    }
}
