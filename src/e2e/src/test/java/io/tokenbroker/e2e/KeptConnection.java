package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/** One connection of HTTP/1.1 on which requests follow each other as fast as they are written. */
final class KeptConnection implements AutoCloseable {
    private final Socket socket;
    private final String host;

    KeptConnection(String address, Duration patience) throws IOException {
        URI uri = URI.create(address);
        host = uri.getAuthority();
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout((int) patience.toMillis());
    }

    String request(String method, String path, String... headers) {
        String extra = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n" + extra + "\r\n";
    }

    /** All of them in one packet. */
    void write(String... requests) throws IOException {
        socket.getOutputStream().write(String.join("", requests).getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    /** The next answer's status; fails where there is none in time. */
    int status() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("closed after '" + head.toString(US_ASCII) + "'");
            }
            head.write(octet);
        }
        String[] lines = head.toString(US_ASCII).split("\r\n", -1);
        in.skipNBytes(length(lines));
        return Integer.parseInt(lines[0].split(" ", -1)[1]);
    }

    private static int length(String[] lines) {
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        throw new AssertionError("an answer without a length: " + lines[0]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
