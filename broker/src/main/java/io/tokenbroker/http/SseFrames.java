package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;

/**
 * Server-sent events as bytes (<a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2</a>).
 * What is given is on one line: names and ids of the broker's own, and JSON.
 */
final class SseFrames {

    /** How long a client waits before it comes back, unless it is told otherwise. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** What a stream begins with, so that its client knows at once that it is open. */
    static final byte[] OPEN = bytes("retry:" + RETRY.toMillis() + "\n:open\n\n");

    static final byte[] HEARTBEAT = bytes(":heartbeat\n\n");

    private SseFrames() {}

    static byte[] event(String name, String data) {
        return bytes("event:" + name + "\ndata:" + data + "\n\n");
    }

    /** A comment that moves the position of its client. */
    static byte[] comment(String text, String id) {
        return bytes("id:" + id + "\n:" + text + "\n\n");
    }

    /** @param event made by {@link #event} */
    static byte[] withId(String id, byte[] event) {
        byte[] line = bytes("id:" + id + "\n");
        ByteArrayOutputStream frame = new ByteArrayOutputStream(line.length + event.length);
        frame.writeBytes(line);
        frame.writeBytes(event);
        return frame.toByteArray();
    }

    static byte[] reauth(Instant expiresOn) {
        return event("reauth", "{\"expiresOn\":\"" + expiresOn + "\"}");
    }

    static byte[] drain(Duration retry) {
        return bytes("event:drain\nretry:" + retry.toMillis() + "\ndata:{}\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
