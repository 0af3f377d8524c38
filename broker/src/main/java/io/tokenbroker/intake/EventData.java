package io.tokenbroker.intake;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The data of one event, parsed once and only when somebody looks. */
final class EventData {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final CloudEvent event;
    private @Nullable JsonNode parsed;

    EventData(CloudEvent event) {
        this.event = event;
    }

    boolean isJson() {
        return isJson(event.getDataContentType());
    }

    /** Whether data of that content type is JSON; where none is said it is. */
    static boolean isJson(@Nullable Object contentType) {
        if (contentType == null) {
            return true;
        }
        String mediaType = mediaType(contentType.toString());
        return mediaType.equals("application/json") || mediaType.equals("text/json") || mediaType.endsWith("+json");
    }

    /** Without its parameters. */
    static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** Whether there is nothing in it, or JSON's null. */
    boolean isAbsent() {
        CloudEventData data = event.getData();
        return data == null || isNull(data);
    }

    private boolean isNull(CloudEventData data) {
        return data.toBytes().length == 0 || (isJson() && json().isNull());
    }

    /** The data as JSON; the missing node where it is none, so that a look into it finds nothing. */
    JsonNode json() {
        JsonNode json = parsed;
        if (json == null) {
            json = parse();
            parsed = json;
        }
        return json;
    }

    private JsonNode parse() {
        CloudEventData data = event.getData();
        if (data == null || !isJson()) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(data.toBytes());
        } catch (RuntimeException e) {
            return MissingNode.getInstance();
        }
    }
}
