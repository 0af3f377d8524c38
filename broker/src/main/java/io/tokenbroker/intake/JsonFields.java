package io.tokenbroker.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of one JSON object, read one by one; what is wrong with them is added to the errors. */
final class JsonFields {

    /** The scopes ACS knows. */
    static final List<String> SCOPES = List.of("chat", "voip", "chat.join", "chat.join.limited", "voip.join");

    private final JsonNode object;
    private final String at;
    private final List<FieldError> errors;

    /** @param at the object's own JSON Pointer */
    JsonFields(JsonNode object, String at, List<FieldError> errors) {
        this.object = object;
        this.at = at;
        this.errors = errors;
    }

    /** The field, {@code null} where it is missing or JSON's null. */
    private @Nullable JsonNode find(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private @Nullable JsonNode require(String name, String allowed) {
        JsonNode node = find(name);
        if (node == null) {
            errors.add(new FieldError(at + "/" + name, null, allowed));
        }
        return node;
    }

    @Nullable String optionalText(String name, Predicate<String> valid, String allowed) {
        JsonNode node = find(name);
        return node == null ? null : text(node, name, valid, allowed);
    }

    String text(String name, Predicate<String> valid, String allowed) {
        JsonNode node = require(name, allowed);
        return node == null ? "" : text(node, name, valid, allowed);
    }

    private String text(JsonNode node, String name, Predicate<String> valid, String allowed) {
        if (!node.isString() || !valid.test(node.stringValue())) {
            wrong(name, node, allowed);
            return "";
        }
        return node.stringValue();
    }

    /** The constant of that word; {@code null}, with an error, where there is none. */
    <E extends Enum<E>> @Nullable E word(String name, E[] constants) {
        List<String> words = Arrays.stream(constants).map(Object::toString).toList();
        String word = text(name, words::contains, "one of " + words);
        return words.contains(word) ? constants[words.indexOf(word)] : null;
    }

    @Nullable Integer optionalInteger(String name, int least, int most) {
        return find(name) == null ? null : (int) integer(name, least, most);
    }

    long integer(String name, long least, long most) {
        String allowed = "an integer from " + least + " to " + most;
        JsonNode node = require(name, allowed);
        if (node == null) {
            return least;
        }
        boolean integral = node.isNumber() && node.canConvertToExactIntegral() && node.canConvertToLong();
        if (!integral || node.asLong() < least || node.asLong() > most) {
            wrong(name, node, allowed);
            return least;
        }
        return node.asLong();
    }

    boolean flag(String name) {
        JsonNode node = require(name, "true or false");
        if (node != null && !node.isBoolean()) {
            wrong(name, node, "true or false");
        }
        return node != null && node.asBoolean(false);
    }

    Instant time(String name) {
        String allowed = "a time as of RFC 3339";
        String text = text(name, candidate -> parsed(candidate) != null, allowed);
        Instant time = parsed(text);
        return time == null ? Instant.EPOCH : time;
    }

    private static @Nullable Instant parsed(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** {@code null} where there are none, which is not the same as an empty list: that is an error. */
    @Nullable Set<String> optionalScopes(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isArray() || node.isEmpty()) {
            wrong(name, node, "a list of at least one of " + SCOPES);
            return Set.of();
        }
        Set<String> scopes = new LinkedHashSet<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode scope = node.get(i);
            if (scope.isString() && SCOPES.contains(scope.stringValue())) {
                scopes.add(scope.stringValue());
            } else {
                wrong(name + "/" + i, scope, "one of " + SCOPES);
            }
        }
        return scopes;
    }

    /** The fields of the object in that field; {@code null}, with an error, where there is none. */
    @Nullable JsonFields object(String name) {
        JsonNode node = require(name, "a JSON object");
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            wrong(name, node, "a JSON object");
            return null;
        }
        return new JsonFields(node, at + "/" + name, errors);
    }

    /** The objects of the list in that field; none, with an error, where there is no such list. */
    List<JsonFields> objects(String name) {
        String allowed = "a list of JSON objects";
        JsonNode node = require(name, allowed);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || !node.valueStream().allMatch(JsonNode::isObject)) {
            wrong(name, node, allowed);
            return List.of();
        }
        return IntStream.range(0, node.size())
                .mapToObj(i -> new JsonFields(node.get(i), at + "/" + name + "/" + i, errors))
                .toList();
    }

    private void wrong(String name, JsonNode found, String allowed) {
        String value = found.isValueNode() ? found.asString("") : found.isArray() ? "a list" : "an object";
        errors.add(new FieldError(at + "/" + name, Text.shown(value), allowed));
    }
}
