package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CloseTest {
    private static final int SOON_MILLIS = 5_000;

    /** A client that kept one would send its next call into it, and wait for an answer nobody gives. */
    @RepeatedTest(10)
    void leavesNoConnectionOpen() throws IOException {
        List<Socket> connections = new ArrayList<>();
        try (var emulator = AcsEmulator.start(EmulatorOptions.ephemeral())) {
            SSLContext tls = new Caller(emulator).tls();
            for (int i = 0; i < 4; i++) {
                connections.add(used(tls, emulator.port()));
            }
        }
        for (Socket connection : connections) {
            try (connection) {
                assertThat(connection.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void listensNoMore() {
        var emulator = AcsEmulator.start(EmulatorOptions.ephemeral());
        emulator.close();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), emulator.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    /** One on which a request was answered, and which waits for the next. */
    private static Socket used(SSLContext tls, int port) throws IOException {
        Socket socket = tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SOON_MILLIS);
        String request = "POST " + CREATE + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        String answer = "";
        while (!answer.endsWith("}}")) {
            answer += (char) socket.getInputStream().read();
        }
        assertThat(answer).startsWith("HTTP/1.1 401");
        return socket;
    }
}
