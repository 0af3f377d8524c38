package io.tokenbroker.events;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds a record and the schema of its JSON against each other. */
final class RecordAgainstSchema {

    private static final Map<Class<?>, String> JSON_TYPES = Map.of(
            String.class, "string",
            Instant.class, "string",
            Integer.class, "integer",
            int.class, "integer",
            long.class, "integer",
            boolean.class, "boolean");

    private final List<String> differences = new ArrayList<>();
    private final boolean userIdInSubject;

    private RecordAgainstSchema(boolean userIdInSubject) {
        this.userIdInSubject = userIdInSubject;
    }

    /** Each thing the two say differently, in a sentence; none where they agree. */
    static List<String> differences(EventType type, JsonNode schema) {
        RecordAgainstSchema comparison = new RecordAgainstSchema(type.isInput());
        comparison.compareObject("data", type.dataClass(), schema);
        return comparison.differences;
    }

    private void compareObject(String place, Class<?> record, JsonNode schema) {
        expect(place, "type", "object", schema.path("type").asString(""));
        Set<String> described = new TreeSet<>(schema.path("properties").propertyNames());
        for (RecordComponent component : record.getRecordComponents()) {
            String name = component.getName();
            if (described.remove(name)) {
                compareType(place + "." + name, component.getGenericType(), schema.at("/properties/" + name));
            } else {
                differences.add(place + "." + name + " is in the record alone");
            }
            expect(place + "." + name, "required", isRequired(component), requires(schema, name));
        }
        described.forEach(name -> differences.add(place + "." + name + " is in the schema alone"));
    }

    private boolean isRequired(RecordComponent component) {
        if (userIdInSubject && component.getName().equals("userId")) {
            return false;
        }
        return !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static boolean requires(JsonNode schema, String name) {
        return schema.path("required").values().stream()
                .anyMatch(required -> required.asString().equals(name));
    }

    private void compareType(String place, Type type, JsonNode schema) {
        if (type instanceof ParameterizedType set && set.getRawType() == Set.class) {
            expect(place, "type", "array", schema.path("type").asString(""));
            expect(place, "uniqueItems", true, schema.path("uniqueItems").asBoolean(false));
            compareType(place + "[]", set.getActualTypeArguments()[0], schema.path("items"));
        } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            expect(place, "type", "array", schema.path("type").asString(""));
            compareType(place + "[]", list.getActualTypeArguments()[0], schema.path("items"));
        } else if (type instanceof Class<?> record && record.isRecord()) {
            compareObject(place, record, schema);
        } else if (type instanceof Class<?> words && words.isEnum()) {
            List<String> constants = Arrays.stream(words.getEnumConstants())
                    .map(Object::toString)
                    .toList();
            expect(place, "type", "string", schema.path("type").asString(""));
            expect(
                    place,
                    "enum",
                    constants,
                    schema.path("enum").values().stream()
                            .map(JsonNode::asString)
                            .toList());
        } else {
            expect(
                    place,
                    "type",
                    JSON_TYPES.getOrDefault(type, "no known JSON type"),
                    schema.path("type").asString(""));
            boolean isTime = schema.path("format").asString("").equals("date-time");
            expect(place, "format date-time", type == Instant.class, isTime);
        }
    }

    private void expect(String place, String what, Object inRecord, Object inSchema) {
        if (!inRecord.equals(inSchema)) {
            differences.add("%s: %s is %s in the record, %s in the schema".formatted(place, what, inRecord, inSchema));
        }
    }
}
