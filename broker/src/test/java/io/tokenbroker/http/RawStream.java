package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A stream over a socket of its own, which is read when the test says so and not before. */
final class RawStream implements AutoCloseable {

    private final Socket socket = new Socket();

    /** @param buffer what the system may take for whoever does not read; small, so that it is soon full */
    static RawStream open(int port, String path, String token, int buffer) {
        RawStream stream = new RawStream();
        try {
            stream.socket.setReceiveBufferSize(buffer);
            stream.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            stream.socket.setSoTimeout(20_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                    + "\r\nAccept: text/event-stream\r\n\r\n";
            stream.socket.getOutputStream().write(request.getBytes(US_ASCII));
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until this was said; what came so far. */
    String readUntil(String said) {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[8_192];
        try {
            InputStream in = socket.getInputStream();
            while (all.indexOf(said) < 0) {
                int count = in.read(some);
                if (count < 0) {
                    throw new AssertionError("ended before " + said);
                }
                all.append(new String(some, 0, count, UTF_8));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the end, however it ends. */
    String readToTheEnd() {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[64 * 1_024];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                all.append(new String(some, 0, count, UTF_8));
            }
        } catch (IOException e) {
            all.append("\n(cut: ").append(e.getMessage()).append(')');
        }
        return all.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
