package io.tokenbroker.events;

import io.tokenbroker.events.Fields.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may not do to the one that was released before it. Whoever knows the released one reads outcomes and
 * writes inputs: so no outcome may say what could not be said, or leave out what could be relied on, and no input may be
 * refused, or pass unread, that was understood.
 */
final class SchemaEvolution {

    private static final List<String> CONSTRAINTS = List.of(
            "type",
            "format",
            "pattern",
            "not",
            "enum",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "uniqueItems");

    private final boolean input;
    private final Map<String, Field> released;
    private final Map<String, Field> current;
    private final List<String> breaks = new ArrayList<>();

    private SchemaEvolution(boolean input, JsonNode released, JsonNode current) {
        this.input = input;
        this.released = byPlace(released);
        this.current = byPlace(current);
    }

    /** Empty where everybody who knows the released schema gets along with the current one. */
    static List<String> breaks(boolean input, JsonNode released, JsonNode current) {
        SchemaEvolution evolution = new SchemaEvolution(input, released, current);
        evolution.released.forEach(evolution::kept);
        evolution.current.forEach(evolution::notNeeded);
        return evolution.breaks;
    }

    private static Map<String, Field> byPlace(JsonNode schema) {
        Map<String, Field> fields = new HashMap<>();
        Fields.of(schema).forEach(field -> fields.put(field.place().toString(), field));
        return fields;
    }

    private void kept(String place, Field was) {
        Field is = current.get(place);
        if (is == null) {
            breaks.add(place + " is gone");
            return;
        }
        if (!input && was.required() && !is.required()) {
            breaks.add(place + " may be missing now");
        }
        compare(place, was.schema(), is.schema());
        compare(place + " items", was.schema().path("items"), is.schema().path("items"));
    }

    private void compare(String place, JsonNode was, JsonNode is) {
        for (String keyword : CONSTRAINTS) {
            JsonNode from = was.path(keyword);
            JsonNode to = is.path(keyword);
            if (input ? !isWithin(keyword, from, to) : !isWithin(keyword, to, from)) {
                breaks.add("%s: %s was %s and is %s".formatted(place, keyword, shown(from), shown(to)));
            }
        }
    }

    /** A new field of what upstream has always sent would be missing in it. */
    private void notNeeded(String place, Field is) {
        Field was = released.get(place);
        boolean needed = is.required() && (was == null || !was.required());
        String parent = is.place().head().toString();
        boolean parentIsNew = !parent.isEmpty() && !released.containsKey(withoutIndex(parent));
        if (input && needed && !parentIsNew) {
            breaks.add(place + " is needed now");
        }
    }

    private static String withoutIndex(String place) {
        return place.replaceAll("/0$", "");
    }

    /** Whether whatever the inner constraint lets pass, the outer one does too. */
    private static boolean isWithin(String keyword, JsonNode inner, JsonNode outer) {
        if (outer.isMissingNode() || inner.equals(outer)) {
            return true;
        }
        if (inner.isMissingNode()) {
            return false;
        }
        return switch (keyword) {
            case "enum" -> values(outer).containsAll(values(inner));
            case "minimum", "minLength", "minItems" -> inner.asLong() >= outer.asLong();
            case "maximum", "maxLength" -> inner.asLong() <= outer.asLong();
            default -> false;
        };
    }

    private static Set<JsonNode> values(JsonNode list) {
        return new HashSet<>(list.values());
    }

    private static String shown(JsonNode constraint) {
        return constraint.isMissingNode() ? "open" : constraint.toString();
    }
}
