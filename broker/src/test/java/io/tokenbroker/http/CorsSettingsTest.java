package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsSettingsTest {

    @Test
    void withoutOriginsItIsOff() {
        assertThat(new CorsSettings(null).origins()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.com", "https://app.example.com:8443", "http://localhost:5173", "*"})
    void anOriginIsTakenAsABrowserWritesIt(String origin) {
        assertThat(new CorsSettings(List.of(origin)).origins()).containsExactly(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.example.com",
                "https://app.example.com/",
                "https://app.example.com/path",
                "https://app.example.com:443",
                "http://app.example.com:80",
                "https://App.example.com",
                "https://user@app.example.com",
                "https://*.example.com",
                "ftp://app.example.com",
                "null"
            })
    void whatCouldNeverMatchIsRefusedAndNamed(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CorsSettings(List.of("https://one.example", origin)))
                .withMessageContaining("tokenbroker.security.cors.allowed-origins[1] is '" + origin + "'; allowed: ");
    }

    @Test
    void allOriginsStandByThemselves() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CorsSettings(List.of("https://one.example", "*")))
                .withMessageContaining("allowed-origins[1] is '*'; allowed: * by itself");
    }
}
