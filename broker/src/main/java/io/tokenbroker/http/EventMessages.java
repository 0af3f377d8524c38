package io.tokenbroker.http;

import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.DecodedEvent;
import io.tokenbroker.intake.EventDecoder;
import io.tokenbroker.intake.FieldError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads events in the three modes of the CloudEvents HTTP protocol binding 1.0. */
@Component
final class EventMessages {

    static final int MAX_BATCH = 1_000;

    private static final String STRUCTURED = EventDecoder.STRUCTURED;
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String PREFIX = "ce-";
    private static final String CONTENT_TYPE = "datacontenttype";
    private static final List<String> ALLOWED = List.of(
            STRUCTURED, BATCH, "application/json or another JSON type with the headers of CloudEvents' binary mode");

    private final Bodies bodies;

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
                                && (type.isEmpty() || isJson(type))));
        if (!known) {
            throw Bodies.unsupported(ALLOWED);
        }
    }

    /** @throws Problem naming everything that keeps the body from being CloudEvents */
    List<Incoming> read(HttpHeaders headers, byte[] body) {
        return switch (contentType(headers)) {
            case STRUCTURED -> structured(bodies.parsed(body));
            case BATCH -> batch(bodies.parsed(body));
            default -> binary(headers, body);
        };
    }

    private List<Incoming> structured(JsonNode node) {
        List<FieldError> errors = new ArrayList<>();
        List<Incoming> incoming = new ArrayList<>(1);
        take("", structuredEvent(node), incoming, errors);
        return ifValid(incoming, errors);
    }

    private List<Incoming> batch(JsonNode root) {
        if (!(root instanceof ArrayNode events) || events.size() > MAX_BATCH) {
            String found = root.isArray() ? root.size() + " events" : null;
            throw invalid(List.of(new FieldError("", found, "an array of up to " + MAX_BATCH + " events")));
        }
        List<FieldError> errors = new ArrayList<>();
        List<Incoming> incoming = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            take("/" + i, structuredEvent(events.get(i)), incoming, errors);
        }
        return ifValid(incoming, errors);
    }

    private static void take(String pointer, DecodedEvent decoded, List<Incoming> incoming, List<FieldError> errors) {
        switch (decoded) {
            case DecodedEvent.Decoded(CloudEvent event) -> incoming.add(new Incoming(pointer, event));
            case DecodedEvent.Malformed malformed ->
                malformed.errors().forEach(error -> errors.add(Incoming.located(pointer, error)));
        }
    }

    private static List<Incoming> ifValid(List<Incoming> incoming, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return incoming;
    }

    private static DecodedEvent structuredEvent(JsonNode node) {
        return withJson(EventDecoder.structured(node), node.path(CONTENT_TYPE).asString(null));
    }

    private static List<Incoming> binary(HttpHeaders headers, byte[] body) {
        Map<String, String> attributes = new LinkedHashMap<>();
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
        DecodedEvent decoded = EventDecoder.binary(attributes, headers.getFirst(HttpHeaders.CONTENT_TYPE), body);
        List<Incoming> incoming = new ArrayList<>(1);
        take("", withJson(decoded, attributes.get(CONTENT_TYPE)), incoming, errors);
        return ifValid(incoming, errors);
    }

    /** Data over HTTP is JSON; elsewhere data that nobody reads may be anything. */
    private static DecodedEvent withJson(DecodedEvent decoded, @Nullable String contentType) {
        if (contentType == null || isJson(contentType)) {
            return decoded;
        }
        List<FieldError> errors = new ArrayList<>();
        if (decoded instanceof DecodedEvent.Malformed malformed) {
            errors.addAll(malformed.errors());
        }
        errors.add(new FieldError(
                CONTENT_TYPE, LogSafe.escaped(contentType), "application/json or another JSON type in UTF-8"));
        return new DecodedEvent.Malformed(errors);
    }

    /** Whether data of this content type is read as JSON. */
    private static boolean isJson(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            boolean json = type.getSubtype().equals("json") || type.getSubtype().endsWith("+json");
            return json && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException notType) {
            return false;
        }
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
}
