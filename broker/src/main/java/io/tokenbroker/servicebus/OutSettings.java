package io.tokenbroker.servicebus;

import io.tokenbroker.intake.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where outcomes are sent to; nowhere while nothing is set. Checked after binding, as {@link InSettings} is.
 *
 * @param topic to send to, or else a queue
 * @param sessions whether each message has its user's id as session id
 */
@ConfigurationProperties("tokenbroker.servicebus.out")
record OutSettings(
        @Nullable String connectionString,
        @Nullable String namespace,
        @Nullable String topic,
        @Nullable String queue,
        @DefaultValue("false") boolean sessions) {

    private static final String PREFIX = "tokenbroker.servicebus.out.";

    boolean isOn() {
        return access().isGiven() || queue != null || topic != null;
    }

    NamespaceAccess access() {
        return new NamespaceAccess(PREFIX, connectionString, namespace);
    }

    /** @throws IllegalArgumentException that names each field that is wrong, its value and what is allowed */
    OutSettings checked() {
        List<FieldError> errors = new ArrayList<>();
        if (isOn()) {
            access().check(queue == null ? topic : queue, errors);
            if ((queue == null) == (topic == null)) {
                String found = queue == null ? "neither" : "both";
                errors.add(new FieldError(PREFIX + "topic", found, "either topic or queue"));
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", errors.stream().map(FieldError::toString).toList()));
        }
        return this;
    }

    @Override
    public String toString() {
        return "OutSettings[%s, topic=%s, queue=%s]".formatted(access(), topic, queue);
    }
}
