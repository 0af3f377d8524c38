package io.tokenbroker.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The broker's own jar, as it is deployed, with a port of its own for the actuator, beside a stack's Kafka, issuer and emulator. */
final class StandaloneBroker implements AutoCloseable {

    private static final Path JAR =
            Path.of(System.getProperty("e2e.broker-jar", "../../broker/target/tokenbroker.jar"));

    private final String address;
    private final String management;
    private final Path log;
    private final LocalProcess process;

    private StandaloneBroker(String address, String management, Path log, LocalProcess process) {
        this.address = address;
        this.management = management;
        this.log = log;
        this.process = process;
    }

    /** Returns once it is ready. */
    static StandaloneBroker start(Stack stack, List<String> jvmFlags, List<String> settings) {
        String address = "http://127.0.0.1:" + FreePorts.next();
        String management = "http://127.0.0.1:" + FreePorts.next();
        Path log = stack.log("standalone");
        Path authority = log.resolveSibling("ca.pem");
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(jvmFlags);
        program.addAll(List.of("-jar", JAR.toString()));
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + URI.create(address).getPort(),
                "--server.address=127.0.0.1",
                "--management.server.port=" + URI.create(management).getPort(),
                "--management.server.address=127.0.0.1",
                "--tokenbroker.kafka.bootstrap-servers=" + stack.kafka(),
                "--tokenbroker.acs.resources[0].connection-string="
                        + stack.emulator().connectionString(),
                "--tokenbroker.acs.trusted-certificates=" + authority,
                "--tokenbroker.security.issuers[0].issuer-uri=" + stack.issuer(),
                "--tokenbroker.security.issuers[0].audiences[0]=tokenbroker"));
        arguments.addAll(settings);
        try {
            Files.writeString(authority, stack.emulator().certificateAuthority());
            LocalProcess process = LocalProcess.start(program, log, arguments);
            await("ready, see " + log)
                    .atMost(LocalProcess.START)
                    .ignoreExceptions()
                    .failFast(log + " ended", () -> !process.isAlive())
                    .until(() -> Http.send(HttpRequest.newBuilder(URI.create(address + "/readyz")))
                                    .status()
                            == BrokerApi.OK);
            return new StandaloneBroker(address, management, log, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return address;
    }

    /** Where its actuator is. */
    String management() {
        return management;
    }

    /** What it has printed so far. */
    List<String> lines() {
        return process.output().lines().toList();
    }

    Path log() {
        return log;
    }

    @Override
    public void close() {
        process.close();
    }
}
