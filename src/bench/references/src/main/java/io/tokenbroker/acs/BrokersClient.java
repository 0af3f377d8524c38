package io.tokenbroker.acs;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The SDK's client exactly as the broker builds it, so that what is measured beside the broker makes the same calls:
 * in this package, as the broker shows it to nobody else.
 */
public final class BrokersClient implements AutoCloseable {

    private final SdkClients clients;
    private final AcsSettings.Resource resource;

    /** @param certificates PEM file of the authorities to trust besides the JDK's */
    public BrokersClient(String connectionString, Path certificates, int maxInFlight) {
        resource = new AcsSettings.Resource(connectionString, null, AcsSettings.State.CURRENT, null);
        var quota = new AcsSettings.Quota(1000, 1000, 1000, 500, 500, 500); // the governor's alone, which is not here
        var settings = new AcsSettings(
                List.of(resource), "2023-10-01", quota, Duration.ofSeconds(10), certificates.toString());
        clients = new SdkClients(settings.checked(), maxInFlight);
    }

    public CommunicationIdentityAsyncClient client() {
        return clients.client(resource);
    }

    @Override
    public void close() {
        clients.close();
    }
}
