package io.tokenbroker.busdouble;

import com.azure.core.util.Configuration;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same suite against a real namespace, or Microsoft's emulator, where {@code SERVICEBUS_CONNECTION_STRING} is given.
 * It needs three empty queues, made before each run: {@code tokenbroker-plain}, {@code tokenbroker-duplicates} with
 * duplicate detection, {@code tokenbroker-sessions} with sessions.
 */
@EnabledIfEnvironmentVariable(named = "SERVICEBUS_CONNECTION_STRING", matches = ".+")
class NamespaceTest extends SdkSuite {

    @Override
    String connectionString() {
        return Configuration.getGlobalConfiguration().get("SERVICEBUS_CONNECTION_STRING");
    }

    @Override
    String queue(Kind kind) {
        return switch (kind) {
            case PLAIN -> "tokenbroker-plain";
            case DETECTING_DUPLICATES -> "tokenbroker-duplicates";
            case WITH_SESSIONS -> "tokenbroker-sessions";
        };
    }
}
