package io.tokenbroker.busdouble;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/** A message as a queue keeps it. */
final class StoredMessage {

    private static final int ROOM_FOR_ANNOTATIONS = 1_024;

    final long sequence;
    final long enqueuedMillis;
    final String sessionId;
    final Message message;
    private final int size;

    int failures;

    @Nullable UUID lock;

    long lockedUntilMillis;

    StoredMessage(long sequence, long enqueuedMillis, byte[] encoded) {
        this.sequence = sequence;
        this.enqueuedMillis = enqueuedMillis;
        this.size = encoded.length;
        this.message = Proton.message();
        message.decode(encoded, 0, encoded.length);
        String group = message.getGroupId();
        this.sessionId = group == null ? "" : group;
    }

    /** The same content with another queue's number. */
    StoredMessage(long sequence, long enqueuedMillis, StoredMessage other) {
        this(sequence, enqueuedMillis, other.encoded());
    }

    @Nullable String messageId() {
        Object id = message.getMessageId();
        return id == null ? null : id.toString();
    }

    /** As a receiver gets it. */
    byte[] encoded() {
        Header header = message.getHeader() == null ? new Header() : message.getHeader();
        header.setDeliveryCount(UnsignedInteger.valueOf(failures));
        message.setHeader(header);
        Map<Symbol, Object> annotations = annotations();
        annotations.put(Symbol.valueOf("x-opt-sequence-number"), sequence);
        annotations.put(Symbol.valueOf("x-opt-enqueued-time"), AmqpTime.of(enqueuedMillis));
        if (lock != null) {
            annotations.put(Symbol.valueOf("x-opt-locked-until"), AmqpTime.of(lockedUntilMillis));
        }
        message.setMessageAnnotations(new MessageAnnotations(annotations));
        byte[] buffer = new byte[size + properties().toString().length() * 4 + ROOM_FOR_ANNOTATIONS];
        int length = message.encode(buffer, 0, buffer.length);
        byte[] encoded = new byte[length];
        System.arraycopy(buffer, 0, encoded, 0, length);
        return encoded;
    }

    /** Why it is in a dead-letter queue. */
    String deadLetter() {
        return messageId() + " " + properties().get(Queue.REASON) + ": "
                + properties().get(Queue.DESCRIPTION);
    }

    private Map<Symbol, Object> annotations() {
        MessageAnnotations known = message.getMessageAnnotations();
        return known == null || known.getValue() == null ? new HashMap<>() : new HashMap<>(known.getValue());
    }

    /** Sets application properties. */
    void put(Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>(properties());
        all.putAll(more);
        message.setApplicationProperties(new ApplicationProperties(all));
    }

    private Map<String, Object> properties() {
        ApplicationProperties known = message.getApplicationProperties();
        return known == null || known.getValue() == null ? Map.of() : known.getValue();
    }
}
