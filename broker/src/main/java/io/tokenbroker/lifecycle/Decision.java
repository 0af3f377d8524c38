package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.events.OutcomeEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an event or an answer of ACS.
 *
 * @param next the user's entry from now on; what ACS still has to be asked is {@link Rules#nextStep}
 * @param outcomes what is to be announced together with it, in this order
 * @param takesAway whether the user lost something: such an entry is committed before ACS is asked
 * @param refusal why the event cannot be applied; its verdict is {@code REFUSED} then
 */
public record Decision(
        DirectoryEntry next,
        List<OutcomeEvent> outcomes,
        boolean takesAway,
        @Nullable String refusal) {

    public Decision {
        outcomes = List.copyOf(outcomes);
    }

    /** Why the event cannot be applied, where that is so. */
    public Optional<String> refused() {
        return Optional.ofNullable(refusal);
    }
}
