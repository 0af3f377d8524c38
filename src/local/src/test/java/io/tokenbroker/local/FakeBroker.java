package io.tokenbroker.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers the walkthrough as a broker would, with one identity, and the outcome events of each call. */
final class FakeBroker implements AutoCloseable {
    static final String IDENTITY = "8:acs:0d2e1a5c-0000-0000-0000-000000000001_00000000-0000-0000-0000-000000000002";
    private final HttpServer server;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LinkedBlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private final AtomicInteger events = new AtomicInteger();
    private final boolean forgetsRevocations;

    private FakeBroker(HttpServer server, boolean forgetsRevocations) {
        this.server = server;
        this.forgetsRevocations = forgetsRevocations;
    }

    static FakeBroker start(boolean forgetsRevocations) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeBroker broker = new FakeBroker(server, forgetsRevocations);
        server.setExecutor(broker.threads);
        server.createContext("/", broker::answer);
        server.start();
        return broker;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (call.equals("GET /v1/token-events")) {
            stream(exchange);
        } else if (call.equals("POST /v1/events")) {
            String event = outcome("tokenbroker.identity.provisioned.v1", "");
            send(exchange, 202, "{\"accepted\":[{\"eventId\":\"" + event + "\",\"userId\":\"any\"}]}");
        } else if (call.endsWith("/tokens") && call.startsWith("POST")) {
            String token = "eyJhbGciOiJSUzI1NiIs." + (body.contains("voip") ? "voip" : "chat") + ".signature";
            outcome(
                    "tokenbroker.token.issued.v1",
                    ",\"tokenId\":\"" + Walkthrough.sha256(token) + "\",\"expiresOn\":\"2030-01-01T00:00:00Z\"");
            send(exchange, 200, "{\"token\":\"" + token + "\",\"identityId\":\"" + IDENTITY + "\"}");
        } else if (call.endsWith("/tokens") && forgetsRevocations) {
            send(exchange, 503, "{\"title\":\"not now\"}");
        } else if (call.endsWith("/tokens")) {
            send(exchange, 202, "{\"eventId\":\"" + outcome("tokenbroker.tokens.revoked.v1", "") + "\"}");
        } else {
            send(exchange, 202, "{\"eventId\":\"" + outcome("tokenbroker.identity.deleted.v1", "") + "\"}");
        }
    }

    private String outcome(String type, String data) {
        String cause = "event-" + events.incrementAndGet();
        outcomes.add("{\"type\":\"" + type + "\",\"causationid\":\"" + cause + "\",\"data\":{\"identityId\":\""
                + IDENTITY + "\"" + data + "}}");
        return cause;
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (var stream = exchange.getResponseBody()) {
            stream.write(": open\n\nid: 0\n\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                stream.flush();
                stream.write(
                        ("id: 1\nevent: outcome\ndata: " + outcomes.take() + "\n\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (var stream = exchange.getResponseBody()) {
            stream.write(bytes);
        }
    }
}
