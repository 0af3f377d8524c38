package io.tokenbroker.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports to listen on. Kafka wants to know its ports before it binds them, so there is a moment in which another
 * process could take one; ports below the range that operating systems give to outgoing connections keep that to
 * listeners that look for the very same one.
 */
final class FreePort {
    private static final int FROM = 15_000;
    private static final int TO = 32_000;
    private static final int ATTEMPTS = 200;

    private FreePort() {}

    static int any() throws BindException {
        return any(0);
    }

    static int any(int except) throws BindException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            if (port != except && isFree(port)) {
                return port;
            }
        }
        throw new BindException("no free port found between " + FROM + " and " + TO);
    }

    static int require(int port) throws BindException {
        if (!isFree(port)) {
            throw new BindException("port " + port + " is taken");
        }
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
