package io.tokenbroker.intake;

import io.cloudevents.CloudEvent;
import io.tokenbroker.directory.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/** Where an event says which user it speaks of. */
final class UserIdPlace {

    private static final String USUAL = "subject, data.userId or the record's key";

    private UserIdPlace() {}

    /** Subject, else {@code data.userId}, else the record's key; {@code null}, with an error, where none is valid. */
    static @Nullable UserId usual(CloudEvent event, EventData data, EventOrigin origin, List<FieldError> errors) {
        String subject = event.getSubject();
        if (subject != null) {
            return valid(Alias.SUBJECT, subject, errors);
        }
        JsonNode inData = data.json().path("userId");
        if (!inData.isMissingNode() && !inData.isNull()) {
            return valid("/data/userId", inData, errors);
        }
        if (origin.key() != null) {
            return valid("key", origin.key(), errors);
        }
        errors.add(new FieldError(Alias.SUBJECT, null, UserId.ALLOWED + ", in " + USUAL));
        return null;
    }

    /** Only at that place of the structured event. Numbers without a fraction are taken as they are written. */
    static @Nullable UserId at(JsonPointer place, CloudEvent event, EventData data, List<FieldError> errors) {
        JsonNode found = find(place, event, data);
        if (found.isMissingNode() || found.isNull()) {
            errors.add(new FieldError(place.toString(), null, UserId.ALLOWED));
            return null;
        }
        return found.isIntegralNumber()
                ? valid(place.toString(), found.asString(), errors)
                : valid(place.toString(), found, errors);
    }

    private static JsonNode find(JsonPointer place, CloudEvent event, EventData data) {
        String member = place.getMatchingProperty();
        if (member.equals("data")) {
            return data.json().at(place.tail());
        }
        if (!place.tail().matches()) {
            return MissingNode.getInstance();
        }
        Object value =
                event.getAttributeNames().contains(member) ? event.getAttribute(member) : event.getExtension(member);
        return value == null ? MissingNode.getInstance() : StringNode.valueOf(value.toString());
    }

    private static @Nullable UserId valid(String field, JsonNode candidate, List<FieldError> errors) {
        if (candidate.isString()) {
            return valid(field, candidate.stringValue(), errors);
        }
        errors.add(new FieldError(
                field, candidate.isValueNode() ? candidate.asString("") : null, "a text: " + UserId.ALLOWED));
        return null;
    }

    private static @Nullable UserId valid(String field, String candidate, List<FieldError> errors) {
        if (UserId.problemWith(candidate).isPresent()) {
            errors.add(new FieldError(field, Text.shown(candidate), UserId.ALLOWED));
            return null;
        }
        return new UserId(candidate);
    }
}
