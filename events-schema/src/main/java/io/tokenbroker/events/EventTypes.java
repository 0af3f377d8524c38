package io.tokenbroker.events;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Every type of event there is, with its record and its schema. */
public final class EventTypes {

    private static final List<EventType> ALL = List.of(
            new EventType(UserCreated.TYPE, UserCreated.class),
            new EventType(UserSuspended.TYPE, UserSuspended.class),
            new EventType(UserResumed.TYPE, UserResumed.class),
            new EventType(SessionsRevoked.TYPE, SessionsRevoked.class),
            new EventType(UserDeleted.TYPE, UserDeleted.class),
            new EventType(ReconcileRequested.TYPE, ReconcileRequested.class),
            new EventType(IdentityProvisioned.TYPE, IdentityProvisioned.class),
            new EventType(IdentitySuspended.TYPE, IdentitySuspended.class),
            new EventType(IdentityResumed.TYPE, IdentityResumed.class),
            new EventType(IdentityDeleted.TYPE, IdentityDeleted.class),
            new EventType(TokenIssued.TYPE, TokenIssued.class),
            new EventType(TokenExchanged.TYPE, TokenExchanged.class),
            new EventType(TokensRevoked.TYPE, TokensRevoked.class));

    private static final Map<String, EventType> BY_NAME =
            ALL.stream().collect(toUnmodifiableMap(EventType::name, identity()));

    private EventTypes() {}

    /** All types, inputs first. */
    public static List<EventType> all() {
        return ALL;
    }

    /** The types upstream sends; the last, reconcile-requested, is the broker's own. */
    public static List<EventType> inputs() {
        return ALL.stream().filter(EventType::isInput).toList();
    }

    /** The types the broker announces. */
    public static List<EventType> outcomes() {
        return ALL.stream().filter(EventType::isOutcome).toList();
    }

    /** The type of that exact name; empty for a name that is not of this version of the language. */
    public static Optional<EventType> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /**
     * Where the JSON Schema of the data of that type lies.
     *
     * @throws IllegalArgumentException when there is no such type
     */
    public static URL schema(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("no such event type: " + name))
                .schema();
    }

    /** Where the AsyncAPI 3.0 document of all topics and events lies; its references are relative to it. */
    public static URL asyncApi() {
        return Objects.requireNonNull(EventTypes.class.getResource("asyncapi.yaml"));
    }
}
