package io.tokenbroker.http;

import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.FieldError;

/**
 * An event of a request.
 *
 * @param pointer where it lies in a batch, as {@code /3}; empty for a request that is one event
 */
record Incoming(String pointer, CloudEvent event) {

    /** An error of this event, its field told from the root of the request. */
    FieldError located(FieldError error) {
        return located(pointer, error);
    }

    static FieldError located(String pointer, FieldError error) {
        if (pointer.isEmpty()) {
            return error;
        }
        boolean whole = error.field().isEmpty() || error.field().startsWith("/");
        String field = whole ? error.field() : "/" + error.field();
        return new FieldError(pointer + field, error.value(), error.allowed());
    }
}
