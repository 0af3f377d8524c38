package io.tokenbroker.servicebus;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusConnectionStringProperties;
import io.tokenbroker.intake.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a namespace: with the key of a connection string, or by its name with the Entra identity the broker runs
 * under.
 *
 * @param prefix of the settings it was made of
 */
record NamespaceAccess(
        String prefix,
        @Nullable String connectionString,
        @Nullable String namespace) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*)(\\.[A-Za-z0-9-]+)+");
    private static final String ALLOWED =
            "Endpoint=sb://<namespace>.servicebus.windows.net/;SharedAccessKeyName=<name>;SharedAccessKey=<key>";

    /** What a client waits for before it says that something is wrong; whoever uses it tries again for ever. */
    private static final AmqpRetryOptions RETRIES = new AmqpRetryOptions()
            .setMaxRetries(2)
            .setDelay(Duration.ofMillis(200))
            .setMaxDelay(Duration.ofSeconds(10))
            .setTryTimeout(Duration.ofSeconds(15));

    /** An attempt that cannot be opened has failed by then, where anything tells that it cannot. */
    static final Duration LONGEST_ATTEMPT =
            RETRIES.getTryTimeout().plus(RETRIES.getMaxDelay()).multipliedBy(RETRIES.getMaxRetries() + 1L);

    boolean isGiven() {
        return connectionString != null || namespace != null;
    }

    /** @param entity the queue or topic that is meant */
    void check(@Nullable String entity, List<FieldError> errors) {
        String text = connectionString;
        String host = namespace;
        if ((text == null) == (host == null)) {
            String found = text == null ? "neither" : "both";
            errors.add(new FieldError(prefix + "connection-string", found, "either connection-string or namespace"));
        }
        if (host != null && !HOST.matcher(host).matches()) {
            errors.add(new FieldError(prefix + "namespace", host, "<namespace>.servicebus.windows.net"));
        }
        if (text != null) {
            String problem = problemWith(text, entity);
            if (problem != null) {
                errors.add(new FieldError(prefix + "connection-string", "(hidden) " + problem, ALLOWED));
            }
        }
    }

    private static @Nullable String problemWith(String text, @Nullable String entity) {
        try {
            ServiceBusConnectionStringProperties known = ServiceBusConnectionStringProperties.parse(text);
            String path = known.getEntityPath();
            if (known.getSharedAccessKey() == null && known.getSharedAccessSignature() == null) {
                return "has no key";
            }
            return path == null || path.equals(entity) ? null : "is for another entity";
        } catch (RuntimeException wrong) {
            return "cannot be read"; // what the SDK says may have the key in it
        }
    }

    ServiceBusClientBuilder builder() {
        ServiceBusClientBuilder builder = new ServiceBusClientBuilder().retryOptions(RETRIES);
        String text = connectionString;
        return text != null
                ? builder.connectionString(text)
                : builder.fullyQualifiedNamespace(Objects.requireNonNull(namespace))
                        .credential(new DefaultAzureCredentialBuilder().build());
    }

    @Override
    public String toString() {
        return connectionString == null ? String.valueOf(namespace) : "connection string (hidden)";
    }
}
