package io.tokenbroker.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AsyncApiTest {

    /** What the broker keeps for itself is no CloudEvent. */
    private static final List<String> OWN =
            List.of("DirectoryEntry", "CreateIntent", "ReplayRequest", "ReplayWish", "ReplayJob");

    private final JsonNode document = Published.asyncApi();

    @Test
    void it_tells_the_three_topics_of_the_contract_from_the_brokers_own() {
        assertThat(document.path("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(addressesOf("contract"))
                .containsExactly("user-lifecycle", "token-events", "user-lifecycle.dead-letters");
        assertThat(addressesOf("internal")).containsExactly("identity-directory", "create-intents", "replay-jobs");
    }

    @Test
    void each_type_is_a_message_with_its_own_schema_and_nothing_else_is() {
        // Given
        Map<String, String> expected = new TreeMap<>();
        EventTypes.all()
                .forEach(type ->
                        expected.put(type.dataClass().getSimpleName(), type + " schema/" + type + ".json " + type));

        // When
        Map<String, String> described = new TreeMap<>();
        document.at("/components/messages").properties().forEach(message -> {
            JsonNode is = message.getValue();
            described.put(
                    message.getKey(),
                    is.path("name").asString()
                            + " " + is.at("/payload/$ref").asString("")
                            + " "
                            + is.at("/headers/allOf/1/properties/ce_type/const").asString(""));
        });

        // Then
        assertThat(described.remove("DeadLetter")).startsWith("dead-letter");
        OWN.forEach(own -> assertThat(described.remove(own)).as(own).isNotNull());
        assertThat(described).isEqualTo(expected);
    }

    @Test
    void inputs_are_on_the_input_topic_and_outcomes_on_theirs() {
        assertThat(messagesOf("userLifecycle")).containsExactlyElementsOf(recordsOf(EventTypes.inputs()));
        assertThat(messagesOf("tokenEvents")).containsExactlyElementsOf(recordsOf(EventTypes.outcomes()));
        assertThat(messagesOf("deadLetters")).containsExactly("DeadLetter");
    }

    @Test
    void every_message_of_a_topic_has_an_operation_and_the_other_way_round() {
        document.path("operations").properties().forEach(operation -> {
            String channel = lastOf(operation.getValue().at("/channel/$ref").asString());
            assertThat(operation.getValue().path("messages").values())
                    .as(operation.getKey())
                    .extracting(message -> lastOf(message.path("$ref").asString()))
                    .containsExactlyElementsOf(messagesOf(channel));
        });
    }

    @Test
    void every_reference_leads_somewhere() {
        assertThat(brokenReferencesIn(document)).isEmpty();
    }

    @Test
    void a_reference_to_nothing_is_noticed() {
        // Given
        ObjectNode message = document.at("/components/messages/UserCreated").asObject();
        message.putObject("payload").put("$ref", "schema/tokenbroker.user.renamed.v1.json");
        message.putObject("bindings").put("$ref", "#/components/messageBindings/missing");

        // Then
        assertThat(brokenReferencesIn(document))
                .containsExactlyInAnyOrder(
                        "schema/tokenbroker.user.renamed.v1.json", "#/components/messageBindings/missing");
    }

    private List<String> brokenReferencesIn(JsonNode node) {
        List<String> broken = new ArrayList<>();
        for (String reference : node.findValuesAsString("$ref")) {
            boolean resolves = reference.startsWith("#")
                    ? !document.at(JsonPointer.compile(reference.substring(1))).isMissingNode()
                    : EventTypes.class.getResource(reference) != null;
            if (!resolves) {
                broken.add(reference);
            }
        }
        return broken;
    }

    private List<String> addressesOf(String tag) {
        return document.path("channels").values().stream()
                .filter(channel -> channel.at("/tags/0/name").asString("").equals(tag))
                .map(channel -> channel.path("address").asString())
                .toList();
    }

    private List<String> messagesOf(String channel) {
        JsonNode messages = document.at("/channels/" + channel + "/messages");
        assertThat(messages.properties())
                .as(channel)
                .isNotEmpty()
                .allMatch(message -> message.getKey()
                        .equals(lastOf(message.getValue().path("$ref").asString())));
        return List.copyOf(messages.propertyNames());
    }

    private static List<String> recordsOf(List<EventType> types) {
        return types.stream().map(type -> type.dataClass().getSimpleName()).toList();
    }

    private static String lastOf(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
