package io.tokenbroker.events;

import static io.tokenbroker.events.Published.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.Published.Example;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ExamplesTest {

    private static final Set<String> CLOUD_EVENTS_ATTRIBUTES =
            Set.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data");

    static Stream<Example> examples() {
        return Published.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_is_a_complete_cloud_event(Example example) {
        ObjectNode event = example.event();

        assertThat(text(event, "specversion")).isEqualTo("1.0");
        assertThat(text(event, "id")).isNotBlank();
        assertThat(text(event, "source")).isNotBlank();
        assertThat(text(event, "type")).isEqualTo(example.type().name());
        assertThat(text(event, "datacontenttype")).isEqualTo("application/json");
        assertThat(text(event, "dataschema"))
                .isEqualTo(example.type().schemaId().toString());
        assertThat(Instant.parse(text(event, "time"))).isAfter(Instant.EPOCH);
        assertThat(event.get("data").isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_extension_is_text_under_a_lower_case_alphanumeric_name(Example example) {
        Set<String> extensions = new TreeSet<>(example.event().propertyNames());
        extensions.removeAll(CLOUD_EVENTS_ATTRIBUTES);

        assertThat(extensions).allMatch(name -> name.matches("[a-z0-9]{1,20}"));
        assertThat(extensions).allMatch(name -> example.event().get(name).isString());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_names_its_user_once_or_twice_alike(Example example) {
        String subject = text(example.event(), "subject");
        String inData = text(example.data(), "userId");

        assertThat(Stream.of(subject, inData).filter(id -> !id.isEmpty()).distinct())
                .hasSize(1);
        if (example.type().isOutcome()) {
            assertThat(subject).isEqualTo(inData);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_data_of_an_example_is_valid(Example example) {
        assertThat(Published.errorsIn(example.data(), example.type())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_data_of_an_example_goes_through_its_record_without_loss(Example example) {
        // Given
        ObjectNode data = example.data();
        if (!data.has("userId")) {
            data.put("userId", text(example.event(), "subject"));
        }

        // When
        BrokerEvent event = JSON.treeToValue(data, example.type().dataClass());

        // Then
        assertThat(withScopesInOrder(JSON.readTree(JSON.writeValueAsBytes(event))))
                .isEqualTo(withScopesInOrder(data));
    }

    @Test
    void an_id_is_used_once() {
        assertThat(examples().map(example -> text(example.event(), "id"))).doesNotHaveDuplicates();
    }

    @Test
    void every_outcome_says_what_caused_it_or_who_asked() {
        assertThat(examples().filter(example -> example.type().isOutcome()))
                .allMatch(example ->
                        example.event().has("causationid") || example.event().has("requestedby"));
    }

    @Test
    void every_cause_is_an_input_about_the_same_user() {
        // Given
        Set<String> inputs = examples()
                .filter(example -> example.type().isInput())
                .map(example -> text(example.event(), "id") + " " + userOf(example))
                .collect(Collectors.toSet());

        // Then
        assertThat(examples().filter(example -> example.event().has("causationid")))
                .isNotEmpty()
                .allMatch(example -> inputs.contains(text(example.event(), "causationid") + " " + userOf(example)));
    }

    @Test
    void each_input_is_shown_with_a_sequence_and_a_trace() {
        assertThat(EventTypes.inputs())
                .allSatisfy(type -> assertThat(Published.examplesOf(type))
                        .anyMatch(example -> example.event().has("sequence"))
                        .allMatch(example -> text(example.event(), "traceparent")
                                .matches("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]")));
    }

    private static String userOf(Example example) {
        String subject = text(example.event(), "subject");
        return subject.isEmpty() ? text(example.data(), "userId") : subject;
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).stringValue("");
    }

    /** A set has no order, so its JSON has none that could be lost. */
    private static JsonNode withScopesInOrder(JsonNode data) {
        for (JsonNode parent : data.findParents("scopes")) {
            ArrayNode inOrder = JSON.createArrayNode();
            parent.get("scopes").values().stream()
                    .map(JsonNode::stringValue)
                    .sorted()
                    .forEach(inOrder::add);
            parent.asObject().set("scopes", inOrder);
        }
        return data;
    }
}
