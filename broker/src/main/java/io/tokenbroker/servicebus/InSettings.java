package io.tokenbroker.servicebus;

import io.tokenbroker.intake.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where lifecycle events are received from; nowhere while nothing is set. Checked after binding, as what Spring Boot
 * says about a value includes the value, and here that may be a key.
 *
 * @param queue to receive from; or else
 * @param topic with its subscription
 * @param sessions whether the queue or subscription has sessions
 * @param concurrency messages taken and not yet settled, or sessions at a time
 * @param prefetch messages the client takes ahead; their locks are not renewed
 */
@ConfigurationProperties("tokenbroker.servicebus.in")
record InSettings(
        @Nullable String connectionString,
        @Nullable String namespace,
        @Nullable String queue,
        @Nullable String topic,
        @Nullable String subscription,
        @DefaultValue("false") boolean sessions,
        @DefaultValue("128") int concurrency,
        @DefaultValue("0") int prefetch) {

    /** More overflows a buffer of the client's, which then loses its link. */
    private static final int MOST = 256;

    private static final String PREFIX = "tokenbroker.servicebus.in.";

    boolean isOn() {
        return access().isGiven() || queue != null || topic != null || subscription != null;
    }

    NamespaceAccess access() {
        return new NamespaceAccess(PREFIX, connectionString, namespace);
    }

    /** @throws IllegalArgumentException that names each field that is wrong, its value and what is allowed */
    InSettings checked() {
        List<FieldError> errors = new ArrayList<>();
        if (concurrency < 1 || concurrency > MOST) {
            errors.add(error("concurrency", Integer.toString(concurrency), "1 to " + MOST));
        } else if (prefetch < 0 || prefetch + concurrency > MOST) {
            String allowed = "0 to " + (MOST - concurrency) + ", as together with concurrency it may be " + MOST;
            errors.add(error("prefetch", Integer.toString(prefetch), allowed));
        }
        if (isOn()) {
            access().check(queue == null ? topic : queue, errors);
            if ((queue == null) == (topic == null)) {
                errors.add(
                        error("queue", queue == null ? "neither" : "both", "either queue, or topic and subscription"));
            } else if ((topic == null) != (subscription == null)) {
                errors.add(error("subscription", subscription, "a subscription of the topic, and only of a topic"));
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", errors.stream().map(FieldError::toString).toList()));
        }
        return this;
    }

    private static FieldError error(String field, @Nullable String value, String allowed) {
        return new FieldError(PREFIX + field, value, allowed);
    }

    @Override
    public String toString() {
        return "InSettings[%s, queue=%s, topic=%s, subscription=%s]".formatted(access(), queue, topic, subscription);
    }
}
