package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenbroker.emulator.EmulatorOptions.QuotaPolicy;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulatorOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(EmulatorOptions.parse()).isEqualTo(EmulatorOptions.defaults());
        assertThat(EmulatorOptions.defaults().port()).isEqualTo(8443);
        assertThat(EmulatorOptions.defaults().controlPort()).isEqualTo(8081);
        assertThat(EmulatorOptions.defaults().quota()).isEqualTo(QuotaPolicy.AZURE);
    }

    @Test
    void takesAnEmptyValueAsNone() {
        assertThat(EmulatorOptions.parse(
                        "--access-key=", "--resource-id=", "--data=", "--call-log=", "--quota=", "--port="))
                .isEqualTo(EmulatorOptions.defaults());
    }

    @Test
    void readsEveryOption() {
        EmulatorOptions options = EmulatorOptions.parse(
                "--port=1",
                "--control-port=2",
                "--access-key=c2VjcmV0",
                "--resource-id=3F2504E0-4F89-41D3-9A0C-0305E82C3301",
                "--quota=none",
                "--data=somewhere",
                "--call-log=calls.json");

        assertThat(options)
                .isEqualTo(EmulatorOptions.defaults()
                        .withPorts(1, 2)
                        .withAccessKey("c2VjcmV0")
                        .withResourceId(UUID.fromString("3f2504e0-4f89-41d3-9a0c-0305e82c3301"))
                        .withQuota(QuotaPolicy.NONE)
                        .withData(Path.of("somewhere"))
                        .withCallLog(Path.of("calls.json")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--host=a/b        | --host=a/b: not allowed; allowed: a host name of at most 63 letters, digits, dots",
                "--port=x          | --port=x: not allowed; allowed: 0 to 65535",
                "--port=65536      | --port=65536: not allowed; allowed: 0 to 65535",
                "--control-port=-1 | --control-port=-1: not allowed; allowed: 0 to 65535",
                "--resource-id=1-1-1-1-1 | --resource-id=1-1-1-1-1: not allowed; allowed: a guid",
                "--quota=azur      | --quota=azur: not allowed; allowed: azure, none",
                "--quote=none      | --quote: no such option; allowed: --host, --port, --control-port,",
                "port              | port: no such option; allowed: --host, --port, --control-port,"
            })
    void refusesABadOptionNamingItWithWhatIsAllowed(String option, String message) {
        assertThatThrownBy(() -> EmulatorOptions.parse(option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void saysNothingOfTheAccessKey() {
        assertThatThrownBy(() -> EmulatorOptions.parse("--access-key=not*base64"))
                .hasMessageNotContaining("not*base64")
                .hasMessageContaining("access-key");
        assertThat(EmulatorOptions.defaults().withAccessKey("c2VjcmV0").toString())
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void theEmulatorSaysNothingOfItsKeysEither() {
        try (AcsEmulator emulator = AcsEmulator.start(EmulatorOptions.ephemeral())) {
            String accessKey = emulator.connectionString().split("accesskey=")[1];
            assertThat(emulator.toString()).doesNotContain(accessKey).contains(emulator.endpoint());
        }
    }
}
