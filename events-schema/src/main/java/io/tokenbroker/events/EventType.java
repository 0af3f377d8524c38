package io.tokenbroker.events;

import java.net.URI;
import java.net.URL;
import java.util.Objects;

/**
 * One type of event of the broker's language.
 *
 * @param name the CloudEvents {@code type}, version suffix included
 * @param dataClass the record that holds the event's data
 */
public record EventType(String name, Class<? extends BrokerEvent> dataClass) {

    /** Whether it is part of the input, what upstream says about a user. */
    public boolean isInput() {
        return LifecycleEvent.class.isAssignableFrom(dataClass);
    }

    /** Whether it is an outcome, what the broker announces. */
    public boolean isOutcome() {
        return OutcomeEvent.class.isAssignableFrom(dataClass);
    }

    /** The {@code $id} of the schema of its data, to be given as the event's {@code dataschema}. It is never fetched. */
    public URI schemaId() {
        return URI.create("urn:tokenbroker:events:" + name);
    }

    /** Where the JSON Schema (draft 2020-12) of its data lies. It needs no other schema to be read with. */
    public URL schema() {
        return Objects.requireNonNull(EventType.class.getResource("schema/" + name + ".json"), name);
    }

    @Override
    public String toString() {
        return name;
    }
}
