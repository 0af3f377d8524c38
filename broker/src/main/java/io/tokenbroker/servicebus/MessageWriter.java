package io.tokenbroker.servicebus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.util.BinaryData;
import com.azure.messaging.servicebus.ServiceBusMessage;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes CloudEvents in the binary mode of the AMQP protocol binding 1.0. */
final class MessageWriter {

    private static final String PREFIX = "cloudEvents_";

    /** As long as Service Bus lets a message or session id be. */
    private static final int LONGEST_ID = 128;

    private final boolean sessions;

    /** @param sessions whether the subject is the session's id */
    MessageWriter(boolean sessions) {
        this.sessions = sessions;
    }

    ServiceBusMessage write(CloudEvent event) {
        CloudEventData data = event.getData();
        return message(event, data == null ? BinaryData.fromBytes(new byte[0]) : BinaryData.fromBytes(data.toBytes()));
    }

    /** For one that is too large with its data: the CloudEvents extension {@code dataref} says which event has it. */
    ServiceBusMessage writeWithoutData(CloudEvent event) {
        ServiceBusMessage message = message(event, BinaryData.fromBytes(new byte[0]));
        message.getApplicationProperties().put(PREFIX + "dataref", "urn:tokenbroker:event:" + event.getId());
        return message;
    }

    private ServiceBusMessage message(CloudEvent event, BinaryData body) {
        ServiceBusMessage message = new ServiceBusMessage(body);
        message.setMessageId(bounded(event.getId()));
        String contentType = event.getDataContentType();
        if (contentType != null) {
            message.setContentType(contentType);
        }
        String subject = event.getSubject();
        if (subject != null) {
            message.setSubject(subject);
            if (sessions) {
                message.setSessionId(bounded(subject));
            }
        }
        Map<String, Object> properties = message.getApplicationProperties();
        event.getAttributeNames().stream()
                .filter(name -> !name.equals("datacontenttype"))
                .forEach(name -> put(properties, name, event.getAttribute(name)));
        event.getExtensionNames().forEach(name -> put(properties, name, event.getExtension(name)));
        return message;
    }

    private static void put(Map<String, Object> properties, String name, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Boolean flag -> properties.put(PREFIX + name, flag);
            case Integer number -> properties.put(PREFIX + name, number);
            case OffsetDateTime time ->
                properties.put(PREFIX + name, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
            default -> properties.put(PREFIX + name, value.toString());
        }
    }

    /** Ids that are too long are told apart by their SHA-256. */
    private static String bounded(String id) {
        if (id.length() <= LONGEST_ID) {
            return id;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
