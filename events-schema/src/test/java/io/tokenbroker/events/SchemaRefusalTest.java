package io.tokenbroker.events;

import static io.tokenbroker.events.Published.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tokenbroker.events.Fields.Field;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SchemaRefusalTest {

    private static final String SMILE = "\uD83D\uDE42";
    private static final String IDENTITY =
            "8:acs:5c2f1f5e-3f0b-4a2e-9a57-0d3b8f6f1c11_0000001f-7b6a-43e9-a1f2-35480a0d2c44";
    private static final String GUID = "7a1d0f0e-2f53-4e6c-8f0d-9b2f4c1e5a60";
    private static final List<Object> NO_TIMES =
            List.of("", "yesterday", "2026-03-02", "2026-03-02T09:15:00", "2026-02-30T09:15:00Z", 1_772_442_900);
    private static final List<Object> NO_GUIDS = List.of("", GUID + "0", GUID.replace("-", ""), "{" + GUID + "}", 7);
    private static final List<Object> NO_REASONS = List.of("", "Not A Code", "x".repeat(65), 7);

    private static final List<Object> NO_IDENTITIES = List.of(
            "",
            GUID,
            "8:orgid:" + GUID,
            IDENTITY.toUpperCase(Locale.ROOT),
            IDENTITY + "0",
            " " + IDENTITY,
            IDENTITY + "\n",
            IDENTITY.replace('_', '-'),
            8);

    /** By field name: values that must not pass. */
    private static final Map<String, List<Object>> BAD_VALUES = Map.ofEntries(
            Map.entry("userId", List.of("", SMILE.repeat(257), 4711, List.of("user-4711"))),
            Map.entry("identityId", NO_IDENTITIES),
            Map.entry("replaces", NO_IDENTITIES),
            Map.entry("versions", List.of("existence", Map.of(), List.of(Map.of()))),
            Map.entry("aspect", List.of("", "EXISTENCE", "sessions", 1)),
            Map.entry(
                    "scopes",
                    List.of(List.of(), List.of("chat", "chat"), List.of("sms"), List.of("CHAT"), List.of(1), "chat")),
            Map.entry("expiresInMinutes", List.of(59, 1441, 60.5, -60, "60")),
            Map.entry("job", List.of("", "x".repeat(257), 7)),
            Map.entry("desired", List.of(Map.of(), "active", List.of())),
            Map.entry("state", List.of("", "ACTIVE", "provisioning", 1)),
            Map.entry("source", List.of("", "not a uri", 1)),
            Map.entry("sequence", List.of("", "0".repeat(257), 4711)),
            Map.entry("time", NO_TIMES),
            Map.entry("asOf", List.of(Map.of(), 184467, "3-184467")),
            Map.entry("topicId", List.of("", "user-lifecycle", "mQx0Zb3uSxW2b8m0m3r1Vg==", 1)),
            Map.entry("partition", List.of(-1, 2_147_483_648L, 0.5, "3")),
            Map.entry("offset", List.of(-1, new BigInteger("9223372036854775808"), 0.5, "184467")),
            Map.entry("withToken", List.of("true", 1)),
            Map.entry("issuedOn", NO_TIMES),
            Map.entry("expiresOn", NO_TIMES),
            Map.entry(
                    "tokenId",
                    List.of(
                            "",
                            "x".repeat(42),
                            "x".repeat(44),
                            "x".repeat(42) + "=",
                            "x".repeat(42) + "+",
                            "x".repeat(43) + "\n",
                            aToken(),
                            7)),
            Map.entry("reason", NO_REASONS),
            Map.entry("entraUserId", NO_GUIDS),
            Map.entry("appId", NO_GUIDS));

    static Stream<Arguments> fields() {
        return EventTypes.all().stream()
                .flatMap(type -> Fields.of(Published.schemaOf(type)).stream().map(field -> arguments(type, field)));
    }

    static Stream<EventType> types() {
        return EventTypes.all().stream();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void a_bad_value_is_refused_where_it_stands(EventType type, Field field) {
        List<Object> badValues = Objects.requireNonNull(BAD_VALUES.get(field.name()), "no bad values for " + field);

        assertThat(badValues).allSatisfy(bad -> assertRefused(type, field, JSON.valueToTree(bad)));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void a_field_is_left_out_rather_than_null(EventType type, Field field) {
        assertRefused(type, field, JSON.nullNode());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void a_field_may_be_missing_only_where_it_is_not_required(EventType type, Field field) {
        boolean valid = Published.errorsIn(field.removeFrom(aValid(type)), type).isEmpty();

        assertThat(valid).isEqualTo(!field.required());
    }

    @ParameterizedTest
    @MethodSource("fields")
    void no_field_can_hold_a_token(EventType type, Field field) {
        if (field.is("array")) {
            assertRefused(type, field, JSON.createArrayNode().add(aToken()));
        } else {
            JsonNode token = JSON.getNodeFactory().stringNode(aToken());
            assertRefused(type, field, token);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_field_nobody_knows_is_let_pass(EventType type) {
        assertThat(Published.errorsIn(aValid(type).put("department", "sales"), type))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void data_that_is_no_object_is_refused(EventType type) {
        assertThat(Stream.of("\"text\"", "[]", "7", "null").map(JSON::readTree))
                .allSatisfy(data -> assertThat(Published.errorsIn(data, type)).isNotEmpty());
    }

    @Test
    void a_user_id_is_measured_in_code_points() {
        assertThat(types())
                .allSatisfy(type -> assertThat(Published.errorsIn(aValid(type).put("userId", SMILE.repeat(256)), type))
                        .isEmpty());
    }

    @Test
    void the_bounds_of_a_lifetime_are_allowed() {
        EventType created = EventTypes.find(UserCreated.TYPE).orElseThrow();

        assertThat(Stream.of(60, 1440))
                .allSatisfy(minutes -> assertThat(
                                Published.errorsIn(aValid(created).put("expiresInMinutes", minutes), created))
                        .isEmpty());
    }

    private static void assertRefused(EventType type, Field field, JsonNode value) {
        assertThat(Published.errorsIn(field.set(aValid(type), value), type))
                .as("%s = %s in %s", field, value, type)
                .isNotEmpty()
                .allMatch(error -> error.getInstanceLocation()
                        .toString()
                        .startsWith(field.place().toString()));
    }

    private static ObjectNode aValid(EventType type) {
        return Published.examplesOf(type).getFirst().data();
    }

    /** As ACS makes them: a JWT signed with RS256, of which the signature alone is 342 characters. */
    private static String aToken() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
                + "."
                + base64.encodeToString("{\"skypeid\":\"acs:x\",\"scp\":1792}".getBytes(UTF_8))
                + "."
                + base64.encodeToString(new byte[256]);
    }
}
