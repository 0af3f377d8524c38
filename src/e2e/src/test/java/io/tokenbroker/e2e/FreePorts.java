package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens at, from below those that systems give to outgoing connections: a port that is free now is
 * still free when the process that it is for has started.
 */
final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 30_000;
    private static int last = ThreadLocalRandom.current().nextInt(FIRST, LAST);

    private FreePorts() {}

    /** One that was not given for a long time. */
    static synchronized int next() {
        while (true) {
            last = last == LAST ? FIRST : last + 1;
            if (isFree(last)) {
                return last;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
