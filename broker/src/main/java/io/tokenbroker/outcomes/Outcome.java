package io.tokenbroker.outcomes;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.events.OutcomeEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An outcome event with what surrounds its data in a CloudEvent.
 *
 * @param id unique among all outcomes
 * @param cause the lifecycle event it goes back to; {@code null} where a caller asked directly
 * @param requestedBy the caller on whose behalf it happened, where one is known
 */
public record Outcome(
        String id,
        Instant time,
        OutcomeEvent event,
        @Nullable EventRef cause,
        @Nullable String requestedBy) {

    public Outcome goingBackTo(EventRef otherCause) {
        return new Outcome(id, time, event, otherCause, requestedBy);
    }
}
