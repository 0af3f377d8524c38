package io.tokenbroker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenbroker.emulator.AcsEmulator;
import io.tokenbroker.emulator.EmulatorOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerSettingsTest {
    @TempDir
    Path data;

    @Test
    void a_broker_alone_takes_what_it_needs_from_the_ports_of_the_others() throws Exception {
        try (ServerSocket kafka = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AcsEmulator emulator = AcsEmulator.start(EmulatorOptions.ephemeral());
                DevelopmentIssuer issuer =
                        DevelopmentIssuer.start(LocalPort.HOST, 0, data.resolve("issuer"), Clock.systemUTC())) {
            Map<String, Object> settings = settings(
                    "--kafka-port=" + kafka.getLocalPort(),
                    "--emulator-port=" + emulator.controlPort(),
                    "--issuer-port=" + URI.create(issuer.uri()).getPort(),
                    "--broker-port=8090");

            Path authority = data.resolve("broker").resolve("acs-ca.pem");
            assertThat(settings)
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", 8090)
                    .containsEntry("tokenbroker.kafka.bootstrap-servers", "127.0.0.1:" + kafka.getLocalPort())
                    .containsEntry("tokenbroker.acs.resources[0].connection-string", emulator.connectionString())
                    .containsEntry("tokenbroker.acs.resources[0].state", "current")
                    .containsEntry("tokenbroker.acs.trusted-certificates", authority.toString())
                    .containsEntry("tokenbroker.security.issuers[0].issuer-uri", issuer.uri())
                    .containsEntry("tokenbroker.security.issuers[0].audiences[0]", "tokenbroker");
            assertThat(authority).hasContent(emulator.caPem());
        }
    }

    @Test
    void what_the_caller_sets_is_not_looked_for() throws Exception {
        Map<String, Object> settings = settings(
                "--tokenbroker.kafka.bootstrap-servers=elsewhere:9092",
                "--tokenbroker.acs.resources[0].endpoint=https://contoso.communication.azure.com",
                "--tokenbroker.security.issuers[0].issuer-uri=https://login.example.com",
                "--tokenbroker.lifecycle.first-token=false");

        assertThat(settings)
                .containsOnlyKeys(
                        "server.address",
                        "server.port",
                        "tokenbroker.kafka.bootstrap-servers",
                        "tokenbroker.acs.resources[0].endpoint",
                        "tokenbroker.security.issuers[0].issuer-uri",
                        "tokenbroker.lifecycle.first-token");
    }

    @Test
    void a_part_that_is_not_there_is_named_with_how_to_start_and_where_to_look() {
        assertThatThrownBy(() -> settings("--kafka-port=1"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(
                        "kafka at 127.0.0.1:1 (start it with --parts=kafka, or say where it is with --kafka-port)");
    }

    private Map<String, Object> settings(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--parts=broker");
        all.add("--data=" + data);
        Options options = OptionsParser.parse(all.toArray(String[]::new));
        try (Neighbours neighbours = new Neighbours(options, new Patience(Duration.ofMillis(1), note -> {}))) {
            return BrokerSettings.of(options, neighbours);
        }
    }
}
