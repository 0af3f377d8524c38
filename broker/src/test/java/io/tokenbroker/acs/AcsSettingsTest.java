package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AcsSettingsTest {

    private static final String KEY = "c2VjcmV0LWtleS1vZi10aGUtcmVzb3VyY2U=";
    private static final String CONNECTION = "endpoint=https://contoso.communication.azure.com/;accesskey=" + KEY;

    private final Map<String, String> properties = new HashMap<>();

    @Test
    void oneResourceIsEnough() {
        properties.put("tokenbroker.acs.resources[0].connection-string", CONNECTION);

        AcsSettings settings = bound().checked();

        assertThat(settings.apiVersion()).isEqualTo("2023-10-01");
        assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.allResources().getFirst().state()).isEqualTo(AcsSettings.State.CURRENT);
        assertThat(settings.quota().byOperation())
                .containsEntry(Operation.CREATE, 1000)
                .containsEntry(Operation.CREATE_USER_AND_TOKEN, 1000)
                .containsEntry(Operation.ISSUE, 1000)
                .containsEntry(Operation.EXCHANGE, 500)
                .containsEntry(Operation.REVOKE, 500)
                .containsEntry(Operation.DELETE, 500);
    }

    @Test
    void aQuotaIsSetByTheOperationsName() {
        properties.put("tokenbroker.acs.quota.create-user-and-token", "77");
        assertThat(bound().quota().byOperation()).containsEntry(Operation.CREATE_USER_AND_TOKEN, 77);
    }

    @Test
    void toStringKeepsTheKeyToItself() {
        properties.put("tokenbroker.acs.resources[0].connection-string", CONNECTION);
        AcsSettings settings = bound();
        assertThat(settings.toString()).doesNotContain(KEY).contains("hidden");
        assertThat(ConnectionString.parse(CONNECTION).toString()).doesNotContain(KEY);
    }

    @Test
    void withoutAResourceThereIsNoStart() {
        assertThatThrownBy(() -> bound().checked())
                .hasMessageContaining("tokenbroker.acs.resources")
                .hasMessageContaining("exactly one");
    }

    @Test
    void twoCurrentResourcesAreOneTooMany() {
        properties.put("tokenbroker.acs.resources[0].connection-string", CONNECTION);
        properties.put("tokenbroker.acs.resources[1].endpoint", "https://fabrikam.communication.azure.com/");
        assertThatThrownBy(() -> bound().checked()).hasMessageContaining("2 of them current");
    }

    @Test
    void whatIsWrongIsNamedWithWhatIsAllowedAndWithoutTheKey() {
        properties.put("tokenbroker.acs.resources[0].connection-string", "endpoint=http://x/;accesskey=" + KEY);
        properties.put("tokenbroker.acs.resources[1].endpoint", "ftp://x");
        properties.put("tokenbroker.acs.resources[1].state", "retiring");
        properties.put("tokenbroker.acs.resources[1].resource-id", "7");
        properties.put("tokenbroker.acs.api-version", "latest");
        properties.put("tokenbroker.acs.quota.create", "0");
        properties.put("tokenbroker.acs.call-timeout", "1h");

        assertThatThrownBy(() -> bound().checked())
                .hasMessageContaining("tokenbroker.acs.resources[0].connection-string is '(hidden) has no https")
                .hasMessageContaining("tokenbroker.acs.resources[1].endpoint is 'ftp://x'; allowed: https://")
                .hasMessageContaining("tokenbroker.acs.resources[1].resource-id is '7'; allowed: a guid")
                .hasMessageContaining("tokenbroker.acs.api-version is 'latest'; allowed: ")
                .hasMessageContaining("tokenbroker.acs.quota.create is '0'; allowed: 1 to 1000000")
                .hasMessageContaining("tokenbroker.acs.call-timeout is 'PT1H'; allowed: 100ms to 2m")
                .hasMessageNotContaining(KEY);
    }

    @Test
    void aCertificateFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> TrustedCertificates.sslContext("/nowhere/ca.pem"))
                .hasMessageContaining("tokenbroker.acs.trusted-certificates is '/nowhere/ca.pem'; allowed: ");
    }

    private AcsSettings bound() {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("tokenbroker.acs", AcsSettings.class);
    }
}
