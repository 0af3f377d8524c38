package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.rw.CloudEventContextWriter;
import io.cloudevents.rw.CloudEventWriter;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Builds CloudEvents from binary records, and parses each {@code source} once: a log has few of them, and to parse one
 * takes about a fifth of the time that reading an event does. Thread-safe.
 */
final class KnownSources {

    private static final String SOURCE = "source";
    private static final int MOST = 1_000;

    private final Map<String, URI> known = new ConcurrentHashMap<>();

    CloudEventWriter<CloudEvent> builder(SpecVersion version) {
        return new Builder(CloudEventBuilder.fromSpecVersion(version));
    }

    private final class Builder implements CloudEventWriter<CloudEvent> {
        private final CloudEventBuilder builder;

        Builder(CloudEventBuilder builder) {
            this.builder = builder;
        }

        @Override
        public CloudEventContextWriter withContextAttribute(String name, String value) {
            URI parsed = name.equals(SOURCE) ? known.get(value) : null;
            if (parsed != null) {
                builder.withSource(parsed);
                return this;
            }
            // refuses what is no URI
            builder.withContextAttribute(name, value);
            if (name.equals(SOURCE) && known.size() < MOST) {
                known.put(value, URI.create(value));
            }
            return this;
        }

        @Override
        public CloudEvent end(CloudEventData data) {
            return builder.end(data);
        }

        @Override
        public CloudEvent end() {
            return builder.end();
        }
    }
}
