package io.tokenbroker.events;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields a schema describes, nested ones included. */
final class Fields {

    /** One field: where it lies in the data, what it is called, what its schema says. */
    record Field(JsonPointer place, String name, JsonNode schema, boolean required) {

        boolean is(String type) {
            return schema.path("type").asString("").equals(type);
        }

        /** The data with this field set to the value, the rest as it was. */
        ObjectNode set(ObjectNode data, JsonNode value) {
            ObjectNode changed = data.deepCopy();
            parentIn(changed).set(name, value);
            return changed;
        }

        ObjectNode removeFrom(ObjectNode data) {
            ObjectNode changed = data.deepCopy();
            parentIn(changed).remove(name);
            return changed;
        }

        private ObjectNode parentIn(ObjectNode data) {
            return data.at(place.head()).asObject();
        }

        @Override
        public String toString() {
            return place.toString();
        }
    }

    private Fields() {}

    static List<Field> of(JsonNode schema) {
        List<Field> fields = new ArrayList<>();
        collect(schema, JsonPointer.empty(), fields);
        return fields;
    }

    private static void collect(JsonNode schema, JsonPointer parent, List<Field> into) {
        List<String> required = schema.path("required").values().stream()
                .map(JsonNode::asString)
                .toList();
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            JsonPointer place = parent.appendProperty(name);
            into.add(new Field(place, name, property.getValue(), required.contains(name)));
            collect(property.getValue(), place, into);
            collect(property.getValue().path("items"), place.appendIndex(0), into);
        });
    }
}
