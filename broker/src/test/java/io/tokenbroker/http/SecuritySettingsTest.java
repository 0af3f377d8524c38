package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenbroker.http.SecuritySettings.Issuer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecuritySettingsTest {

    @Test
    void withoutAnIssuerNothingStarts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecuritySettings(null, false, null))
                .withMessageContaining("tokenbroker.security.issuers is ''; allowed: at least one issuer");
    }

    @Test
    void anIssuerNeedsAnAudience() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(false, issuer("https://login.example", null)))
                .withMessageContaining("tokenbroker.security.issuers[0].audiences");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://login.example", "http://10.0.0.1:80", "http://localhost.example"})
    void anIssuerWithoutTlsIsTakenOnLoopbackAlone(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(false, issuer(uri, null, "aud")))
                .withMessageContaining("tokenbroker.security.issuers[0].issuer-uri is '" + uri)
                .withMessageContaining("allow-insecure-issuers");
        assertThat(settings(true, issuer(uri, null, "aud")).trusted()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8082", "http://127.0.0.1", "http://[::1]:8082", "https://login.example"})
    void anIssuerOnLoopbackOrWithTlsIsTaken(String uri) {
        assertThat(settings(false, issuer(uri, null, "aud")).trusted()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "login.example", "ftp://login.example", "https://", "not a uri"})
    void anIssuerIsAUrl(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(true, issuer(uri, null, "aud")))
                .withMessageContaining("issuer-uri");
    }

    @Test
    void severalIssuersNeedPrefixesOfTheirOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(
                        false, issuer("https://one.example", null, "aud"), issuer("https://two.example", null, "aud")))
                .withMessageContaining("tokenbroker.security.issuers[1].user-id-prefix is ''");
    }

    private static SecuritySettings settings(boolean insecure, Issuer... issuers) {
        return new SecuritySettings(List.of(issuers), insecure, null);
    }

    private static Issuer issuer(String uri, @Nullable String prefix, String... audiences) {
        return new Issuer(uri, List.of(audiences), null, prefix, null);
    }
}
