package io.tokenbroker.busdouble;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The double's methods over HTTP on loopback, as {@code POST /<method>?<parameter>=…}: {@code create-queue},
 * {@code create-topic}, {@code create-subscription}, {@code delete}, {@code disable}, {@code enable}, {@code drop},
 * {@code detach}, {@code delay}, {@code busy}, {@code expire}; and {@code GET /counts} and {@code /dead-letters} of an
 * {@code entity}. Answers are lines of text.
 */
final class Control {

    private final ServiceBusDouble bus;

    private Control(ServiceBusDouble bus) {
        this.bus = bus;
    }

    static HttpServer start(ServiceBusDouble bus, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new Control(bus)::handle);
        server.start();
        return server;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String answer;
        int status = 200;
        try {
            String query = exchange.getRequestURI().getRawQuery();
            answer = answer(exchange.getRequestURI().getPath().substring(1), parameters(query == null ? "" : query));
        } catch (RuntimeException e) {
            status = 400;
            answer = String.valueOf(e.getMessage());
        }
        byte[] body = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private String answer(String method, Map<String, String> parameters) {
        String entity = parameters.getOrDefault("entity", "");
        int number = Integer.parseInt(parameters.getOrDefault("number", "0"));
        switch (method) {
            case "create-queue" -> bus.createQueue(entity, options(parameters));
            case "create-topic" -> bus.createTopic(entity, options(parameters));
            case "create-subscription" ->
                bus.createSubscription(entity, parameters.getOrDefault("name", ""), options(parameters));
            case "delete" -> bus.delete(entity);
            case "disable" -> bus.disable(entity);
            case "enable" -> bus.enable(entity);
            case "drop" -> bus.dropConnections();
            case "detach" -> bus.detachLinks();
            case "delay" -> bus.delay(Duration.ofMillis(number));
            case "busy" -> bus.busy(number);
            case "expire" -> bus.expireLocks(entity);
            case "counts" -> {
                return counts(bus.counts(entity));
            }
            case "dead-letters" -> {
                return String.join("\n", bus.deadLetters(entity));
            }
            default -> throw new IllegalArgumentException("there is no " + method);
        }
        return "";
    }

    private static String counts(EntityCounts counts) {
        return """
                active=%d
                locked=%d
                deadLettered=%d
                completed=%d
                accepted=%d
                duplicates=%d
                failures=%d
                renewals=%d
                """.formatted(
                        counts.active(),
                        counts.locked(),
                        counts.deadLettered(),
                        counts.completed(),
                        counts.accepted(),
                        counts.duplicates(),
                        counts.failures(),
                        counts.renewals());
    }

    private static EntityOptions options(Map<String, String> parameters) {
        EntityOptions options = EntityOptions.USUAL
                .withLock(Duration.ofMillis(Long.parseLong(parameters.getOrDefault("lock", "60000"))))
                .withMaxDeliveryCount(Integer.parseInt(parameters.getOrDefault("deliveries", "10")));
        options = parameters.containsKey("detect-duplicates") ? options.withDuplicateDetection() : options;
        return parameters.containsKey("sessions") ? options.withSessions() : options;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parameters.put(part.substring(0, equals), URLDecoder.decode(part.substring(equals + 1), UTF_8));
            }
        }
        return parameters;
    }
}
