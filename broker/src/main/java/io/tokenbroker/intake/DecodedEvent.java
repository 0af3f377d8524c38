package io.tokenbroker.intake;

import io.cloudevents.CloudEvent;
import java.util.List;

/** A message that was to be a CloudEvent. */
public sealed interface DecodedEvent {

    /** It is one. What it says is another question: see {@link Intake}. */
    record Decoded(CloudEvent event) implements DecodedEvent {}

    /** It is none. */
    record Malformed(List<FieldError> errors) implements DecodedEvent {
        public Malformed {
            errors = List.copyOf(errors);
        }

        /** As whoever reads events would say it. */
        public Reading.Invalid reading() {
            return new Reading.Invalid(null, null, errors);
        }
    }
}
