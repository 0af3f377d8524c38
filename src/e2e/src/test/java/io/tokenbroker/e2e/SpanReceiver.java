package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Takes spans as a collector does.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers, Encoding</a>
 */
final class SpanReceiver implements AutoCloseable {

    private static final int OK = 200;

    /** @param parent empty where it begins a trace */
    record Span(String trace, String id, String parent, String name) {}

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    private SpanReceiver(HttpServer server) {
        this.server = server;
    }

    static SpanReceiver start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SpanReceiver receiver = new SpanReceiver(server);
            server.createContext("/v1/traces", exchange -> {
                receiver.take(exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(OK, -1);
                exchange.close();
            });
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** Those of one trace that have ended and come. */
    List<Span> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    List<Span> all() {
        return List.copyOf(spans);
    }

    /** A request has resources, these have scopes, and those have spans. */
    private void take(byte[] request) {
        fields(
                request,
                (field, resource) -> fields(resource, (ofResource, scope) -> {
                    if (ofResource == 2) {
                        fields(scope, (ofScope, span) -> {
                            if (ofScope == 2) {
                                spans.add(span(span));
                            }
                        });
                    }
                }));
    }

    private static Span span(byte[] message) {
        List<String> read = new ArrayList<>(List.of("", "", "", ""));
        fields(message, (field, value) -> {
            switch (field) {
                case 1 -> read.set(0, HexFormat.of().formatHex(value));
                case 2 -> read.set(1, HexFormat.of().formatHex(value));
                case 4 -> read.set(2, HexFormat.of().formatHex(value));
                case 5 -> read.set(3, new String(value, UTF_8));
                default -> {}
            }
        });
        return new Span(read.get(0), read.get(1), read.get(2), read.get(3));
    }

    /** Tells the fields of a message that have a length; of the others nothing is wanted. */
    private static void fields(byte[] message, BiConsumer<Integer, byte[]> told) {
        ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int key = (int) varint(buffer);
            switch (key & 7) {
                case 0 -> varint(buffer);
                case 1 -> buffer.position(buffer.position() + Long.BYTES);
                case 2 -> {
                    byte[] value = new byte[(int) varint(buffer)];
                    buffer.get(value);
                    told.accept(key >>> 3, value);
                }
                case 5 -> buffer.position(buffer.position() + Integer.BYTES);
                default -> throw new IllegalArgumentException("wire type " + (key & 7));
            }
        }
    }

    private static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
