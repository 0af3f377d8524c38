package io.tokenbroker.servicebus;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.core.amqp.models.AmqpMessageBodyType;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.intake.DecodedEvent;
import io.tokenbroker.intake.EventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages as CloudEvents by the AMQP protocol binding 1.0, in binary or structured mode, and what Event Grid
 * delivers. Never throws for anything a message may hold.
 */
final class MessageReader {

    /** The second is what older senders write. */
    private static final List<String> PREFIXES = List.of("cloudEvents_", "cloudEvents:");

    /** Event Grid names each of its deliveries so, and not always their content type. */
    private static final String EVENT_GRID = "aeg-event-type";

    private static final byte OPENING = '[';
    private static final byte CLOSING = ']';

    private MessageReader() {}

    static DecodedEvent read(ServiceBusReceivedMessage message) {
        byte[] body = body(message.getRawAmqpMessage().getBody());
        if (body == null) {
            return EventDecoder.undecodable("the body is neither data nor text");
        }
        Map<String, Object> properties = message.getApplicationProperties();
        DecodedEvent decoded;
        if (EventDecoder.isStructured(message.getContentType())) {
            decoded = EventDecoder.structured(body);
        } else if (properties.containsKey(EVENT_GRID)) {
            decoded = EventDecoder.structured(single(body));
        } else {
            decoded = binary(message.getContentType(), properties, body);
        }
        OffsetDateTime enqueued = message.getEnqueuedTime();
        return decoded instanceof DecodedEvent.Decoded(CloudEvent event) && event.getTime() == null && enqueued != null
                ? new DecodedEvent.Decoded(
                        CloudEventBuilder.v1(event).withTime(enqueued).build())
                : decoded;
    }

    private static DecodedEvent binary(@Nullable String contentType, Map<String, Object> properties, byte[] body) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            String name = attribute(property.getKey());
            if (name != null && attributes.put(name, value(property.getValue())) != null) {
                return EventDecoder.undecodable("attribute " + name + " given twice");
            }
        }
        return attributes.isEmpty()
                ? EventDecoder.undecodable(
                        "neither application properties cloudEvents_… nor content type " + EventDecoder.STRUCTURED)
                : EventDecoder.binary(attributes, contentType, body);
    }

    private static @Nullable String attribute(String property) {
        return PREFIXES.stream()
                .filter(property::startsWith)
                .findFirst()
                .map(prefix -> property.substring(prefix.length()))
                .orElse(null);
    }

    /** AMQP has types for what CloudEvents writes as text. */
    private static Object value(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean flag -> flag;
            case Integer number -> number;
            case OffsetDateTime time -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            case Date date ->
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date.toInstant().atOffset(ZoneOffset.UTC));
            default -> value.toString();
        };
    }

    private static byte @Nullable [] body(AmqpMessageBody body) {
        if (body.getBodyType() == AmqpMessageBodyType.DATA) {
            return body.getFirstData();
        }
        return body.getBodyType() == AmqpMessageBodyType.VALUE && body.getValue() instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : null;
    }

    /** Event Grid may deliver its event in an array of one. */
    private static byte[] single(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1).strip();
        byte[] stripped = text.getBytes(StandardCharsets.ISO_8859_1);
        boolean array = stripped.length > 1 && stripped[0] == OPENING && stripped[stripped.length - 1] == CLOSING;
        return array ? Arrays.copyOfRange(stripped, 1, stripped.length - 1) : body;
    }
}
