package io.tokenbroker.intake;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.rw.CloudEventRWException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decodes CloudEvents 1.0 in the JSON format (structured mode) and from attributes beside data (binary mode), for every
 * protocol alike; where a protocol keeps the two is its edge's to know. Names everything that is wrong at once. Pure,
 * thread-safe, and never throws for anything a message may hold.
 */
public final class EventDecoder {

    /** The media type of the JSON format, without parameters. */
    public static final String STRUCTURED = "application/cloudevents+json";

    private static final String DATA = "data";
    private static final String BASE64 = "data_base64";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EventDecoder() {}

    /** Whether the content type, which may have parameters, says that it is an event in the JSON format. */
    public static boolean isStructured(@Nullable String contentType) {
        return contentType != null && EventData.mediaType(contentType).equals(STRUCTURED);
    }

    /** @param message an event in the JSON format; bytes that are no JSON object are malformed like all else */
    public static DecodedEvent structured(byte[] message) {
        try {
            return JSON.readTree(message) instanceof ObjectNode event
                    ? structured(event)
                    : undecodable("no JSON object");
        } catch (JacksonException notJson) {
            return undecodable(notJson.getOriginalMessage());
        }
    }

    /** @param message an event in the JSON format, parsed */
    public static DecodedEvent structured(JsonNode message) {
        if (!(message instanceof ObjectNode event)) {
            return new DecodedEvent.Malformed(List.of(new FieldError("", null, "a JSON object")));
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        List<FieldError> errors = new ArrayList<>();
        event.forEachEntry((name, value) -> {
            // an attribute that is null is an attribute that is not there
            if (!value.isNull() && !name.equals(DATA) && !name.equals(BASE64)) {
                if (value.isString() || value.isBoolean() || value.isInt()) {
                    attributes.put(name, scalar(value));
                } else {
                    errors.add(new FieldError(
                            Text.shown(name), Text.shown(value.toString()), "text, a boolean or a 32-bit integer"));
                }
            }
        });
        byte[] data = data(event, attributes, errors);
        errors.addAll(AttributeRules.problems(attributes));
        return errors.isEmpty() ? event(attributes, data) : new DecodedEvent.Malformed(errors);
    }

    /**
     * @param attributes by their CloudEvents names
     * @param contentType what the data is, where the protocol says so
     * @param data as it came; none where it is empty
     */
    public static DecodedEvent binary(Map<String, ?> attributes, @Nullable String contentType, byte @Nullable [] data) {
        List<FieldError> errors = AttributeRules.problems(attributes);
        if (!errors.isEmpty()) {
            return new DecodedEvent.Malformed(errors);
        }
        Map<String, Object> all = new LinkedHashMap<>(attributes);
        if (contentType != null && !contentType.isEmpty()) {
            all.put("datacontenttype", contentType);
        }
        return event(all, data == null || data.length == 0 ? null : data);
    }

    private static Object scalar(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        return value.isInt() ? value.intValue() : value.stringValue();
    }

    private static byte @Nullable [] data(ObjectNode event, Map<String, Object> attributes, List<FieldError> errors) {
        JsonNode data = event.get(DATA);
        JsonNode base64 = event.get(BASE64);
        if (base64 != null && !base64.isNull()) {
            return decoded(base64, data != null, errors);
        }
        if (data == null || data.isNull()) {
            return null;
        }
        boolean text = data.isString() && !EventData.isJson(attributes.get("datacontenttype"));
        return text ? data.stringValue().getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(data);
    }

    private static byte @Nullable [] decoded(JsonNode base64, boolean besideData, List<FieldError> errors) {
        try {
            if (base64.isString() && !besideData) {
                return Base64.getDecoder().decode(base64.stringValue());
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        errors.add(new FieldError(BASE64, null, "base64 text, and no data beside it"));
        return null;
    }

    private static DecodedEvent event(Map<String, Object> attributes, byte @Nullable [] data) {
        CloudEventBuilder builder = CloudEventBuilder.v1();
        try {
            attributes.forEach((name, value) -> {
                switch (value) {
                    case Boolean flag -> builder.withContextAttribute(name, flag);
                    case Integer number -> builder.withContextAttribute(name, number);
                    default -> put(builder, name, value.toString());
                }
            });
            return new DecodedEvent.Decoded(
                    data == null
                            ? builder.build()
                            : builder.withData(BytesCloudEventData.wrap(data)).build());
        } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException refused) {
            return undecodable(refused.getMessage());
        }
    }

    private static void put(CloudEventBuilder builder, String name, String value) {
        switch (name) {
            case "specversion" -> {}
            case "source" -> builder.withSource(Objects.requireNonNull(KnownSources.parse(value)));
            default -> builder.withContextAttribute(name, value);
        }
    }

    /**
     * What could not even be told apart into attributes and data.
     *
     * @param why the decoder's words; shown cut short
     */
    public static DecodedEvent.Malformed undecodable(@Nullable String why) {
        return new DecodedEvent.Malformed(Intake.undecodable(why).errors());
    }
}
