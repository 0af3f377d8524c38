package io.tokenbroker.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;

/** Where the parts of a local stack listen, all on loopback. */
public record Ports(int broker, int kafka, int acs, int emulator, int issuer) {

    /** Ports that were free a moment ago. */
    public static Ports free() {
        return new Ports(freePort(), freePort(), freePort(), freePort(), freePort());
    }

    /** As options of the local stack. */
    public List<String> options() {
        return List.of(
                "--broker-port=" + broker,
                "--kafka-port=" + kafka,
                "--acs-port=" + acs,
                "--emulator-port=" + emulator,
                "--issuer-port=" + issuer);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + kafka;
    }

    /** The same, but for a broker of its own port. */
    public Ports withAnotherBroker() {
        return new Ports(freePort(), kafka, acs, emulator, issuer);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
