package io.tokenbroker.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds the schemas against those of the last release, which lie in {@code released}. */
class SchemaEvolutionTest {

    static Stream<String> releasedTypes() {
        return Published.filesIn("released").stream()
                .map(Path::getFileName)
                .map(name -> name.toString().replaceFirst("\\.json$", ""));
    }

    @ParameterizedTest
    @MethodSource("releasedTypes")
    void whoever_knows_the_released_schema_gets_along_with_this_one(String name) {
        EventType type = EventTypes.find(name).orElseThrow(() -> new AssertionError(name + " is gone"));

        assertThat(SchemaEvolution.breaks(type.isInput(), released(name), Published.schemaOf(type)))
                .isEmpty();
    }

    @Test
    void an_outcome_may_gain_fields_and_say_less_in_those_it_has() {
        // When
        List<String> breaks = breaksOf(TokenIssued.TYPE, schema -> {
            fields(schema).putObject("region").put("type", "string");
            schema.get("required").asArray().add("region");
            schema.at("/properties/scopes/items/enum").asArray().remove(0);
            schema.at("/properties/userId").asObject().put("maxLength", 128);
        });

        // Then
        assertThat(breaks).isEmpty();
    }

    @Test
    void an_outcome_that_loses_a_field_or_says_something_new_in_one_is_noticed() {
        // When
        List<String> breaks = breaksOf(TokenIssued.TYPE, schema -> {
            fields(schema).remove("tokenId");
            schema.get("required").asArray().removeAll().add("userId");
            schema.at("/properties/scopes/items/enum").asArray().add("sms");
            schema.at("/properties/expiresOn").asObject().remove("format");
            schema.at("/properties/issuedOn").asObject().put("type", "integer");
        });

        // Then
        assertThat(breaks)
                .contains(
                        "/tokenId is gone",
                        "/reason may be missing now",
                        "/expiresOn: format was \"date-time\" and is open",
                        "/issuedOn: type was \"string\" and is \"integer\"")
                .anyMatch(problem -> problem.startsWith("/scopes items: enum was"));
    }

    @Test
    void an_input_may_gain_optional_fields_and_take_more_in_those_it_has() {
        // When
        List<String> breaks = breaksOf(UserCreated.TYPE, schema -> {
            ObjectNode origin = fields(schema).putObject("origin").put("type", "object");
            origin.putObject("properties").putObject("system").put("type", "string");
            origin.putArray("required").add("system");
            schema.at("/properties/scopes/items/enum").asArray().add("sms");
            schema.at("/properties/expiresInMinutes").asObject().put("minimum", 30);
            schema.at("/properties/identityId").asObject().remove("pattern");
        });

        // Then
        assertThat(breaks).isEmpty();
    }

    @Test
    void an_input_that_needs_more_or_takes_less_is_noticed() {
        // When
        List<String> breaks = breaksOf(UserCreated.TYPE, schema -> {
            fields(schema).putObject("tenant").put("type", "string");
            schema.putArray("required").add("tenant").add("userId");
            fields(schema).remove("identityId");
            schema.at("/properties/expiresInMinutes").asObject().put("maximum", 720);
            schema.at("/properties/scopes/items/enum").asArray().remove(0);
        });

        // Then
        assertThat(breaks)
                .contains(
                        "/tenant is needed now",
                        "/userId is needed now",
                        "/identityId is gone",
                        "/expiresInMinutes: maximum was 1440 and is 720")
                .anyMatch(problem -> problem.startsWith("/scopes items: enum was"));
    }

    @Test
    void every_type_of_the_last_release_is_looked_at() {
        assertThat(releasedTypes()).hasSizeGreaterThanOrEqualTo(13);
    }

    private static List<String> breaksOf(String name, Consumer<ObjectNode> change) {
        EventType type = EventTypes.find(name).orElseThrow();
        ObjectNode changed = released(name).asObject().deepCopy();
        change.accept(changed);
        return SchemaEvolution.breaks(type.isInput(), released(name), changed);
    }

    private static JsonNode released(String name) {
        return Published.filesIn("released").stream()
                .filter(file -> file.endsWith(name + ".json"))
                .findFirst()
                .map(Published.JSON::readTree)
                .orElseThrow();
    }

    private static ObjectNode fields(ObjectNode schema) {
        return schema.get("properties").asObject();
    }
}
