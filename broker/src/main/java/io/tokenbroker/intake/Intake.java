package io.tokenbroker.intake;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.events.ReconcileRequested;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads CloudEvents 1.0 as lifecycle events, upstream's own names for them included. Whatever is wrong with an event is
 * named, all of it at once. Pure, thread-safe, and never throws for anything an event may hold.
 */
public final class Intake {

    /** The {@code source} of events that the broker writes for its HTTP callers. */
    public static final String HTTP_SOURCE = "urn:tokenbroker:http";

    /** How far an event's time may be ahead of its arrival. */
    public static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    static final String OWN_TYPES = "tokenbroker.";

    private final Map<String, Alias> aliases = new HashMap<>();

    /** @throws IllegalArgumentException when two aliases have the same type */
    public Intake(List<Alias> aliases) {
        for (Alias alias : aliases) {
            if (this.aliases.put(alias.type(), alias) != null) {
                throw new IllegalArgumentException(
                        "alias type '" + alias.type() + "' is given twice; allowed: once each");
            }
        }
    }

    /**
     * What could not even be decoded as a CloudEvent.
     *
     * @param why the decoder's words; shown cut short
     */
    public static Reading.Invalid undecodable(@Nullable String why) {
        String shown = why == null ? null : Text.shown(why);
        return new Reading.Invalid(
                null, null, List.of(new FieldError("event", shown, "a CloudEvent 1.0 in binary or structured mode")));
    }

    /** What the event says, or why it says nothing that can be applied. */
    public Reading read(CloudEvent event, EventOrigin origin) {
        String type = event.getType();
        Alias alias = aliases.get(type);
        if (alias == null && !type.isEmpty() && !type.startsWith(OWN_TYPES)) {
            return new Reading.Foreign(type);
        }
        List<FieldError> errors = new ArrayList<>();
        EventData data = new EventData(event);
        var place = alias == null ? null : alias.pointer();
        UserId userId = place == null
                ? UserIdPlace.usual(event, data, origin, errors)
                : UserIdPlace.at(place, event, data, errors);
        String as = alias == null ? type : alias.as();
        checkType(as, origin, errors);
        EventRef ref = ref(event, origin, errors);
        String sequence = extension(event, "sequence", errors);
        // read without a user as well, so that all errors are named at once
        String user = userId == null ? "" : userId.value();
        LifecycleEvent said = isKnown(as) ? LifecycleTypes.read(as, user, fields(as, event, data, errors)) : null;
        if (userId == null || said == null || !errors.isEmpty()) {
            return new Reading.Invalid(userId, eventId(event), errors);
        }
        boolean forCaller = ref.source().equals(HTTP_SOURCE);
        return new Reading.Valid(new UserEvent(userId, said, ref, sequence, forCaller));
    }

    private static boolean isKnown(String type) {
        return LifecycleTypes.UPSTREAM.contains(type) || type.equals(ReconcileRequested.TYPE);
    }

    private static void checkType(String type, EventOrigin origin, List<FieldError> errors) {
        boolean allowed = origin.fromLog() ? isKnown(type) : LifecycleTypes.UPSTREAM.contains(type);
        if (!allowed) {
            errors.add(new FieldError("type", Text.shown(type), "one of " + LifecycleTypes.UPSTREAM));
        }
    }

    private static EventRef ref(CloudEvent event, EventOrigin origin, List<FieldError> errors) {
        if (event.getSpecVersion() != SpecVersion.V1) {
            errors.add(new FieldError("specversion", event.getSpecVersion().toString(), "1.0"));
        }
        String id = event.getId();
        check("id", id, Text.LONG, errors);
        String source = event.getSource().toString();
        check("source", source, Text.LONG, errors);
        if (!event.getType().isEmpty()) {
            check("type", event.getType(), Text.SHORT, errors);
        }
        String requestedBy = extension(event, "authid", errors);
        return new EventRef(id, source, event.getType(), time(event, origin, errors), requestedBy, traceparent(event));
    }

    private static Instant time(CloudEvent event, EventOrigin origin, List<FieldError> errors) {
        OffsetDateTime said = event.getTime();
        if (said == null) {
            return origin.on();
        }
        Instant time = said.toInstant();
        if (time.isAfter(origin.on().plus(MOST_AHEAD))) {
            errors.add(new FieldError(
                    "time", said.toString(), "at most " + MOST_AHEAD.toMinutes() + " minutes after " + origin.on()));
        }
        return time;
    }

    /** Kept as it is; one that nobody could pass on is ignored, as W3C Trace Context asks. */
    private static @Nullable String traceparent(CloudEvent event) {
        Object value = event.getExtension("traceparent");
        return value != null && Text.isValid(value.toString(), Text.SHORT) ? value.toString() : null;
    }

    private static @Nullable String extension(CloudEvent event, String name, List<FieldError> errors) {
        Object value = event.getExtension(name);
        if (value == null) {
            return null;
        }
        check(name, value.toString(), Text.SHORT, errors);
        return value.toString();
    }

    private static void check(String attribute, String value, int mostCodePoints, List<FieldError> errors) {
        if (!Text.isValid(value, mostCodePoints)) {
            errors.add(new FieldError(attribute, Text.shown(value), Text.allowed(mostCodePoints)));
        }
    }

    private static JsonFields fields(String type, CloudEvent event, EventData data, List<FieldError> errors) {
        JsonNode nothing = MissingNode.getInstance();
        if (!LifecycleTypes.readsData(type) || (data.isAbsent() && !LifecycleTypes.needsData(type))) {
            return new JsonFields(nothing, "/data", errors);
        }
        if (!data.isJson()) {
            String contentType = String.valueOf(event.getDataContentType());
            errors.add(new FieldError("datacontenttype", Text.shown(contentType), "application/json"));
            return new JsonFields(nothing, "/data", new ArrayList<>());
        }
        if (!data.json().isObject()) {
            errors.add(new FieldError("/data", null, "a JSON object"));
            return new JsonFields(nothing, "/data", new ArrayList<>());
        }
        return new JsonFields(data.json(), "/data", errors);
    }

    /** The id as far as it can be told in an answer. */
    private static @Nullable String eventId(CloudEvent event) {
        String id = event.getId();
        return id.isEmpty() ? null : Text.isValid(id, Text.LONG) ? id : Text.shown(id);
    }
}
