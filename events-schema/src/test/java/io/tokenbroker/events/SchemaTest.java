package io.tokenbroker.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.Fields.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SchemaTest {

    /** Keywords that draft 2020-12 and draft-07, of which AsyncAPI's own schemas are made, read alike. */
    private static final Set<String> KEYWORDS_OF_ONE_MEANING = Set.of(
            "title",
            "description",
            "type",
            "properties",
            "required",
            "items",
            "enum",
            "not",
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "minItems",
            "uniqueItems",
            "examples");

    private static final JsonNode THE_DRAFT =
            Published.JSON.createObjectNode().put("$ref", "https://json-schema.org/draft/2020-12/schema");

    static Stream<EventType> types() {
        return EventTypes.all().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_schema_names_its_draft_and_itself(EventType type) {
        JsonNode schema = Published.schemaOf(type);

        assertThat(schema.path("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asString()).isEqualTo(type.schemaId().toString());
        assertThat(EventTypes.schema(type.name())).isEqualTo(type.schema());
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_schema_is_valid_by_its_own_draft(EventType type) {
        assertThat(Published.errorsIn(Published.schemaOf(type), THE_DRAFT)).isEmpty();
    }

    @Test
    void a_schema_that_is_none_is_noticed() {
        JsonNode misspelt = Published.JSON.createObjectNode().put("type", "strnig");

        assertThat(Published.errorsIn(misspelt, THE_DRAFT)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_schema_and_each_of_its_fields_is_explained(EventType type) {
        JsonNode schema = Published.schemaOf(type);

        assertThat(Stream.concat(Stream.of(schema), Fields.of(schema).stream().map(Field::schema)))
                .allMatch(node -> !node.path("title").asString("").isBlank())
                .allMatch(node -> !node.path("description").asString("").isBlank());
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_schema_means_the_same_to_readers_of_older_drafts(EventType type) {
        JsonNode schema = Published.schemaOf(type);

        Stream<String> ofFields = Fields.of(schema).stream().flatMap(field -> field.schema().propertyNames().stream());
        Stream<String> ofItself = schema.propertyNames().stream().filter(keyword -> !keyword.startsWith("$"));
        assertThat(Stream.concat(ofItself, ofFields)).isSubsetOf(KEYWORDS_OF_ONE_MEANING);
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_schema_and_its_record_have_the_same_fields(EventType type) {
        assertThat(RecordAgainstSchema.differences(type, Published.schemaOf(type)))
                .isEmpty();
    }

    @Test
    void a_schema_that_differs_from_its_record_is_noticed() {
        // Given
        EventType type = EventTypes.find(ReconcileRequested.TYPE).orElseThrow();
        ObjectNode schema = Published.schemaOf(type).asObject();
        ObjectNode fields = schema.get("properties").asObject();
        fields.remove("job");
        fields.putObject("extra").put("type", "string");
        fields.at("/withToken").asObject().put("type", "string");
        fields.at("/desired/properties/versions/items/properties/time")
                .asObject()
                .remove("format");
        fields.at("/desired/properties/state/enum").asArray().removeAll().add("ACTIVE");
        fields.at("/desired/properties/versions/items/required").asArray().add("sequence");
        fields.at("/desired/properties/scopes").asObject().remove("uniqueItems");
        schema.get("required").asArray().add("userId");

        // Then
        assertThat(RecordAgainstSchema.differences(type, schema))
                .containsExactlyInAnyOrder(
                        "data.job is in the record alone",
                        "data.extra is in the schema alone",
                        "data.withToken: type is boolean in the record, string in the schema",
                        "data.desired.versions[].time: format date-time is true in the record, false in the schema",
                        "data.desired.state: enum is [active, suspended, deleted] in the record, [ACTIVE] in the schema",
                        "data.desired.versions[].sequence: required is false in the record, true in the schema",
                        "data.desired.scopes: uniqueItems is true in the record, false in the schema",
                        "data.userId: required is false in the record, true in the schema");
    }

    @Test
    void a_field_of_one_name_is_bound_alike_wherever_it_occurs() {
        // Given
        Map<String, JsonNode> bounds = new TreeMap<>();

        // Then
        types().forEach(type -> Fields.of(Published.schemaOf(type)).forEach(field -> {
            ObjectNode bound = field.schema().asObject().deepCopy();
            bound.remove(List.of("title", "description", "examples"));
            assertThat(bounds.computeIfAbsent(field.name(), name -> bound))
                    .as("%s in %s", field, type)
                    .isEqualTo(bound);
        }));
    }

    @Test
    void the_examples_of_a_field_are_valid() {
        types().forEach(type -> Fields.of(Published.schemaOf(type))
                .forEach(field -> field.schema()
                        .path("examples")
                        .values()
                        .forEach(value -> assertThat(Published.errorsIn(value, field.schema()))
                                .as("%s in %s", field, type)
                                .isEmpty())));
    }
}
