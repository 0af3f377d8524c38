package io.tokenbroker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cloudevents.CloudEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {

    private static final String ATTRIBUTES = "\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/hr\",\"type\":\"t\"";

    private static CloudEvent structured(String json) {
        return event(EventDecoder.structured(json.getBytes(UTF_8)));
    }

    private static CloudEvent event(DecodedEvent decoded) {
        return switch (decoded) {
            case DecodedEvent.Decoded(CloudEvent event) -> event;
            case DecodedEvent.Malformed malformed -> fail(malformed.toString());
        };
    }

    private static List<String> fields(DecodedEvent decoded) {
        return decoded instanceof DecodedEvent.Malformed malformed
                ? malformed.errors().stream().map(FieldError::field).toList()
                : List.of();
    }

    private static String data(CloudEvent event) {
        return new String(Objects.requireNonNull(event.getData()).toBytes(), UTF_8);
    }

    @Test
    void aStructuredEventKeepsItsAttributesAndData() {
        CloudEvent event = structured("{" + ATTRIBUTES
                + ",\"subject\":\"älice\",\"time\":\"2026-01-31T12:00:00Z\",\"flag\":true,\"count\":7,\"none\":null,"
                + "\"dataschema\":\"urn:x\",\"data\":{\"a\":[1,\"b\"]}}");

        assertThat(event.getSubject()).isEqualTo("älice");
        assertThat(event.getTime()).hasToString("2026-01-31T12:00Z");
        assertThat(event.getExtension("flag")).isEqualTo(true);
        assertThat(event.getExtension("count")).isEqualTo(7);
        assertThat(event.getExtensionNames()).containsExactlyInAnyOrder("flag", "count");
        assertThat(data(event)).isEqualTo("{\"a\":[1,\"b\"]}");
    }

    @Test
    void dataMayBeTextOrBase64OrNothing() {
        assertThat(data(structured("{" + ATTRIBUTES + ",\"datacontenttype\":\"text/plain\",\"data\":\"plain\"}")))
                .isEqualTo("plain");
        assertThat(data(structured("{" + ATTRIBUTES + ",\"data\":\"json\"}"))).isEqualTo("\"json\"");
        assertThat(data(structured("{" + ATTRIBUTES + ",\"data_base64\":\"e30=\"}")))
                .isEqualTo("{}");
        assertThat(structured("{" + ATTRIBUTES + ",\"data\":null}").getData()).isNull();
    }

    @Test
    void aBinaryEventHasTheContentTypeOfItsProtocol() {
        CloudEvent event = event(EventDecoder.binary(
                Map.of("specversion", "1.0", "id", "e1", "source", "/hr", "type", "t", "flag", true),
                "application/json",
                "{}".getBytes(UTF_8)));

        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getExtension("flag")).isEqualTo(true);
        assertThat(data(event)).isEqualTo("{}");
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        DecodedEvent decoded = EventDecoder.structured(
                ("{\"specversion\":\"0.3\",\"source\":\"\",\"type\":7,\"time\":\"noon\",\"Wrong-Name\":\"x\","
                                + "\"list\":[],\"data_base64\":\"?\"}")
                        .getBytes(UTF_8));

        assertThat(fields(decoded))
                .containsExactlyInAnyOrder(
                        "list", "data_base64", "id", "specversion", "source", "type", "time", "Wrong-Name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "7", "null", "{} {}", "{\"id\":\"1\",\"id\":\"2\"}", "\u0000"})
    void whatIsNoJsonObjectIsNoEvent(String message) {
        assertThat(fields(EventDecoder.structured(message.getBytes(UTF_8)))).containsExactly("event");
    }

    @Test
    void parametersOfAContentTypeDoNotMatter() {
        assertThat(EventDecoder.isStructured("Application/CloudEvents+JSON; charset=utf-8"))
                .isTrue();
        assertThat(EventDecoder.isStructured("application/cloudevents-batch+json"))
                .isFalse();
        assertThat(EventDecoder.isStructured(null)).isFalse();
    }
}
