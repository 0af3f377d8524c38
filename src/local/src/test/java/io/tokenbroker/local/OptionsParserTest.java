package io.tokenbroker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tokenbroker.emulator.EmulatorOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsParserTest {
    @Test
    void without_options_every_part_starts_on_its_usual_port() {
        Options options = OptionsParser.parse();

        assertThat(options.parts()).containsExactlyInAnyOrder(Part.values());
        assertThat(options.address(LocalPort.BROKER)).isEqualTo("http://127.0.0.1:8080");
        assertThat(options.address(LocalPort.KAFKA)).isEqualTo("127.0.0.1:9092");
        assertThat(options.address(LocalPort.ACS)).isEqualTo("https://127.0.0.1:8443");
        assertThat(options.address(LocalPort.EMULATOR)).isEqualTo("http://127.0.0.1:8081");
        assertThat(options.address(LocalPort.ISSUER)).isEqualTo("http://127.0.0.1:8082");
        assertThat(options.data()).isEqualTo(Path.of(".local").toAbsolutePath());
        assertThat(options.walkthrough()).isFalse();
    }

    @Test
    void some_parts_can_be_started_alone() {
        Options options = OptionsParser.parse("--parts=kafka,acs", "--data=/tmp/elsewhere", "--kafka-port=19092");

        assertThat(options.parts()).containsExactlyInAnyOrder(Part.KAFKA, Part.ACS);
        assertThat(options.data()).isEqualTo(Path.of("/tmp/elsewhere"));
        assertThat(options.port(LocalPort.KAFKA)).isEqualTo(19092);
    }

    @Test
    void settings_of_the_broker_are_kept_for_it_by_their_full_names() {
        Options options = OptionsParser.parse(
                "--tokenbroker.kafka.group-id=other", "--tokenbroker.lifecycle.aliases[0].type=a=b");

        assertThat(options.broker())
                .containsEntry("tokenbroker.kafka.group-id", "other")
                .containsEntry("tokenbroker.lifecycle.aliases[0].type", "a=b");
    }

    @Test
    void settings_of_kafka_are_kept_for_it_by_its_own_names() {
        Options options = OptionsParser.parse("--kafka.log.retention.hours=1", "--kafka-port=1092");

        assertThat(options.kafka()).containsExactly(entry("log.retention.hours", "1"));
        assertThat(options.port(LocalPort.KAFKA)).isEqualTo(1092);
    }

    @Test
    void options_of_the_emulator_are_kept_for_it() {
        Options options = OptionsParser.parse(
                "--quota=none",
                "--access-key=c2VjcmV0",
                "--call-log=calls",
                "--acs-port=1443",
                "--emulator-port=1081",
                "--data=/tmp/x");

        assertThat(options.emulator())
                .isEqualTo(EmulatorOptions.defaults()
                        .withClock(options.emulator().clock())
                        .withQuota(EmulatorOptions.QuotaPolicy.NONE)
                        .withAccessKey("c2VjcmV0")
                        .withCallLog(Path.of("calls"))
                        .withPorts(1443, 1081)
                        .withData(Path.of("/tmp/x/acs")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--broker-port=http|--broker-port: 'http' is not possible; allowed: 1 to 65535",
                "--acs-port=0|--acs-port: '0' is not possible; allowed: 1 to 65535",
                "--issuer-port|--issuer-port: '' is not possible; allowed: 1 to 65535",
                "--parts=kafka,azure|--parts: 'azure' is not possible; allowed: kafka, acs, issuer, broker, or none",
                "--parts=none|--parts: 'none' is not possible; allowed: with --walkthrough alone",
                "--quota=some|--quota=some: not allowed; allowed: azure, none",
                "--walkthrough=maybe|--walkthrough: 'maybe' is not possible; allowed: true, false",
                "--data=|--data: '' is not possible; allowed: the path of a directory",
                "--tokenbroker.kafka.group-id|--tokenbroker.kafka.group-id has no value",
                "--kafka.log.dirs|--kafka.log.dirs has no value",
                "--issuer-port=8080|--broker-port: '8080' is not possible; allowed: any but the port of --issuer-port",
            })
    void a_value_that_cannot_be_is_named_with_what_is_allowed(String argument, String message) {
        assertThatThrownBy(() -> OptionsParser.parse(argument))
                .isInstanceOf(InvalidOption.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--kafkaport", "kafka", "-h", "--server.port"})
    void an_unknown_option_is_named_with_the_known_ones(String option) {
        assertThatThrownBy(() -> OptionsParser.parse(option + "=secret"))
                .isInstanceOf(InvalidOption.class)
                .hasMessageStartingWith("there is no option " + option + "; allowed: ")
                .hasMessageContainingAll("--broker-port", "--parts", "--tokenbroker.<setting>")
                .hasMessageNotContaining("secret");
    }

    @Test
    void ports_of_parts_that_run_elsewhere_may_be_equal() {
        assertThat(OptionsParser.parse("--parts=broker", "--kafka-port=7000", "--acs-port=7000")
                        .port(LocalPort.ACS))
                .isEqualTo(7000);
    }

    @Test
    void values_that_may_be_secret_do_not_show() {
        Options options = OptionsParser.parse(
                "--access-key=c2VjcmV0", "--tokenbroker.acs.resources[0].connection-string=accesskey=hidden");

        assertThat(options.toString()).doesNotContain("c2VjcmV0").doesNotContain("hidden");
    }
}
