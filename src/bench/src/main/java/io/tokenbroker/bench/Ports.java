package io.tokenbroker.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;

/** Where the parts of a local stack listen, all on loopback. */
record Ports(int broker, int kafka, int acs, int emulator, int issuer) {

    /** Ports that were free a moment ago. */
    static Ports free() {
        return new Ports(freePort(), freePort(), freePort(), freePort(), freePort());
    }

    /** As options of the local stack. */
    List<String> options() {
        return List.of(
                "--broker-port=" + broker,
                "--kafka-port=" + kafka,
                "--acs-port=" + acs,
                "--emulator-port=" + emulator,
                "--issuer-port=" + issuer);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafka;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
