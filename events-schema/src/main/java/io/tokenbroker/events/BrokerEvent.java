package io.tokenbroker.events;

/**
 * The data of one CloudEvent of the broker's language. The event's {@code type} attribute is {@link #type()}; its
 * {@code subject} is the user id, which the data repeats so that the payload can be read alone.
 *
 * <p>Evolution: consumers ignore fields they do not know, outcomes only ever gain fields, and a changed meaning is a
 * new type version ({@code .v2}) that may run beside the old one.
 *
 * <p>JSON: one field per record component, times as RFC 3339 text, a component that is {@code null} left out. A record
 * takes what it is given; {@link EventType#schema()} says what is valid.
 */
public sealed interface BrokerEvent permits LifecycleEvent, OutcomeEvent {

    /** The CloudEvents {@code type} of this event, version suffix included. */
    String type();

    /** The application's own id of the user, 1 to 256 code points. */
    String userId();
}
