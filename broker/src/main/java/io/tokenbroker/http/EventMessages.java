package io.tokenbroker.http;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.data.BytesCloudEventData;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.message.impl.BaseGenericBinaryMessageReaderImpl;
import io.cloudevents.jackson.JsonFormat;
import io.tokenbroker.intake.FieldError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads events in the three modes of the CloudEvents HTTP protocol binding 1.0. */
@Component
final class EventMessages {

    static final int MAX_BATCH = 1_000;

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String PREFIX = "ce-";
    private static final List<String> ALLOWED = List.of(
            STRUCTURED, BATCH, "application/json or another JSON type with the headers of CloudEvents' binary mode");

    private final Bodies bodies;
    private final JsonMapper json = JsonMapper.shared();
    private final EventFormat format = new JsonFormat();

    EventMessages(Bodies bodies) {
        this.bodies = bodies;
    }

    /** @throws Problem where the content type is none of these modes */
    static void requireKnownMode(HttpHeaders headers) {
        String type = contentType(headers);
        boolean known = isUtf8(headers)
                && (type.equals(STRUCTURED)
                        || type.equals(BATCH)
                        || (isBinary(headers)
                                && !type.startsWith("application/cloudevents")
                                && (type.isEmpty() || AttributeRules.isJson(type))));
        if (!known) {
            throw Bodies.unsupported(ALLOWED);
        }
    }

    /** @throws Problem naming everything that keeps the body from being CloudEvents */
    List<Incoming> read(HttpHeaders headers, byte[] body) {
        return switch (contentType(headers)) {
            case STRUCTURED -> structured(bodies.parsed(body));
            case BATCH -> batch(bodies.parsed(body));
            default -> List.of(new Incoming("", binary(headers, body)));
        };
    }

    private List<Incoming> structured(JsonNode node) {
        List<FieldError> errors = problemsOf(node);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return List.of(new Incoming("", eventOf(node)));
    }

    private List<Incoming> batch(JsonNode root) {
        if (!(root instanceof ArrayNode events) || events.size() > MAX_BATCH) {
            String found = root.isArray() ? root.size() + " events" : null;
            throw invalid(List.of(new FieldError("", found, "an array of up to " + MAX_BATCH + " events")));
        }
        List<FieldError> errors = new ArrayList<>();
        List<Incoming> incoming = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            String pointer = "/" + i;
            List<FieldError> found = problemsOf(events.get(i));
            found.forEach(error -> errors.add(Incoming.located(pointer, error)));
            if (found.isEmpty()) {
                incoming.add(new Incoming(pointer, eventOf(events.get(i))));
            }
        }
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return incoming;
    }

    private static List<FieldError> problemsOf(JsonNode node) {
        if (!(node instanceof ObjectNode event)) {
            return List.of(new FieldError("", null, "a JSON object"));
        }
        List<String> unset = new ArrayList<>();
        event.forEachEntry((name, value) -> {
            if (value.isNull() && !name.equals("data")) {
                unset.add(name);
            }
        });
        event.remove(unset); // an attribute that is null is an attribute that is not there
        Map<String, Object> attributes = new LinkedHashMap<>();
        List<FieldError> errors = new ArrayList<>();
        event.forEachEntry((name, value) -> {
            if (name.equals("data_base64")) {
                checkBase64(value, event.has("data"), errors);
            } else if (!name.equals("data")) {
                if (value.isString() || value.isBoolean() || value.isInt()) {
                    attributes.put(name, value.isString() ? value.stringValue() : value.asString());
                } else {
                    errors.add(new FieldError(name, value.toString(), "text, a boolean or a 32-bit integer"));
                }
            }
        });
        errors.addAll(AttributeRules.problems(attributes));
        return errors;
    }

    private static void checkBase64(JsonNode value, boolean besideData, List<FieldError> errors) {
        try {
            if (value.isString() && !besideData) {
                Base64.getDecoder().decode(value.stringValue());
                return;
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        errors.add(new FieldError("data_base64", null, "base64 text, and no data beside it"));
    }

    private CloudEvent eventOf(JsonNode checked) {
        return format.deserialize(json.writeValueAsBytes(checked));
    }

    private static CloudEvent binary(HttpHeaders headers, byte[] body) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        List<FieldError> errors = new ArrayList<>();
        headers.forEach((name, values) -> {
            if (isAttribute(name)) {
                String attribute = attributeOf(name);
                attributes.put(attribute, decoded(values.getFirst()));
                if (values.size() > 1) {
                    errors.add(new FieldError(attribute, String.join(", ", values), "the header once"));
                }
            }
        });
        errors.addAll(AttributeRules.problems(attributes));
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return new BinaryMessage(headers, body).toEvent();
    }

    private static Problem invalid(List<FieldError> errors) {
        return Problem.of(ProblemType.INVALID_EVENT, "errors names what is wrong and what is allowed", errors);
    }

    private static boolean isBinary(HttpHeaders headers) {
        return headers.headerNames().stream().anyMatch(EventMessages::isAttribute);
    }

    private static boolean isAttribute(String header) {
        return header.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    private static String attributeOf(String header) {
        return header.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    /** Header values are percent-encoded (HTTP protocol binding, section 3.1.3.2); a {@code +} stands for itself. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }

    private static String contentType(HttpHeaders headers) {
        MediaType type = headers.getContentType();
        return type == null ? "" : type.getType() + "/" + type.getSubtype();
    }

    private static boolean isUtf8(HttpHeaders headers) {
        MediaType type = headers.getContentType();
        return type == null || type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8);
    }

    /** Binary mode, for the SDK. */
    private static final class BinaryMessage extends BaseGenericBinaryMessageReaderImpl<String, String> {

        private final HttpHeaders headers;

        BinaryMessage(HttpHeaders headers, byte[] body) {
            super(SpecVersion.V1, dataOf(body));
            this.headers = headers;
        }

        private static @Nullable BytesCloudEventData dataOf(byte[] body) {
            return body.length == 0 ? null : BytesCloudEventData.wrap(body);
        }

        @Override
        protected boolean isContentTypeHeader(String header) {
            return header.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE);
        }

        @Override
        protected boolean isCloudEventsHeader(String header) {
            return isAttribute(header);
        }

        @Override
        protected String toCloudEventsKey(String header) {
            return attributeOf(header);
        }

        @Override
        protected void forEachHeader(BiConsumer<String, String> each) {
            headers.forEach((name, values) -> each.accept(name, values.getFirst()));
        }

        @Override
        protected String toCloudEventsValue(String value) {
            return decoded(value);
        }
    }
}
