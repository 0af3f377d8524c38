package io.tokenbroker.intake;

import io.tokenbroker.directory.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an incoming CloudEvent when it was read. */
public sealed interface Reading {

    /** A valid lifecycle event. */
    record Valid(UserEvent event) implements Reading {}

    /** A type that is neither ours nor aliased: not for us. */
    record Foreign(String type) implements Reading {}

    /**
     * Cannot be applied as it is.
     *
     * @param userId the user it speaks of, where that much could be read
     * @param eventId the event's id, where it had one
     */
    record Invalid(@Nullable UserId userId, @Nullable String eventId, List<FieldError> errors) implements Reading {
        public Invalid {
            errors = List.copyOf(errors);
        }

        /** All errors in one line, for a dead letter's reason. */
        public String reason() {
            return String.join("; ", errors.stream().map(FieldError::toString).toList());
        }
    }
}
