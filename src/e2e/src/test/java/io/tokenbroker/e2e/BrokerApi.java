package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One instance of the broker over HTTP, for one caller. */
final class BrokerApi {
    static final int OK = 200;
    static final int ACCEPTED = 202;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;

    private static final Map<String, String> WAIT = Map.of("Prefer", "wait=30");

    private final String address;
    private final String token;

    /** @param token of the issuer */
    BrokerApi(String address, String token) {
        this.address = address;
        this.token = token;
    }

    String address() {
        return address;
    }

    /** The header, as a line. */
    String authorization() {
        return "Authorization: Bearer " + token;
    }

    /** The path of a user, the id written in the way that does for every id. */
    static String user(String id) {
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        return "/v1/users/~" + Base64.getUrlEncoder().withoutPadding().encodeToString(utf8);
    }

    Http.Answer create(String user) {
        return send("PUT", user(user), Map.of()).expect(ACCEPTED);
    }

    /** Returns once it is done. */
    Http.Answer createAndWait(String user) {
        return send("PUT", user(user), WAIT).expect(OK);
    }

    Http.Answer delete(String user) {
        return send("DELETE", user(user), Map.of()).expect(ACCEPTED);
    }

    /** Returns once it is done. */
    Http.Answer deleteAndWait(String user) {
        return send("DELETE", user(user), WAIT).expect(OK);
    }

    /** {@code suspend} or {@code resume}; returns once it is done. */
    Http.Answer doAndWait(String user, String action) {
        return send("POST", user(user) + "/" + action, WAIT).expect(OK);
    }

    /** Returns once it is done. */
    Http.Answer revokeAndWait(String user) {
        return send("DELETE", user(user) + "/tokens", WAIT).expect(OK);
    }

    Http.Answer get(String user) {
        return send("GET", user(user), Map.of());
    }

    Http.Answer token(String user) {
        return token(user, "{}");
    }

    Http.Answer token(String user, String body) {
        return send("POST", user(user) + "/tokens", Map.of("Content-Type", "application/json"), body);
    }

    Http.Answer publish(String contentType, String body) {
        return send("POST", "/v1/events", Map.of("Content-Type", contentType), body);
    }

    /** The identity ids of orphans, empty where unknown. */
    List<String> orphans() {
        List<String> ids = new ArrayList<>();
        items("/v1/orphans").forEach(orphan -> ids.add(orphan.path("identityId").asString("")));
        return ids;
    }

    List<JsonNode> deadLetters() {
        return items("/v1/dead-letters");
    }

    /** All items of a list, page after page. */
    List<JsonNode> items(String path) {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            String query = cursor.isEmpty() ? "" : "?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            JsonNode page = send("GET", path + query, Map.of()).expect(OK).json();
            page.path("items").forEach(items::add);
            cursor = page.path("nextCursor").asString("");
        } while (!cursor.isEmpty());
        return items;
    }

    /** Health as operators see it; the status code is that of the whole. */
    JsonNode health() {
        return send("GET", "/actuator/health", Map.of()).json();
    }

    /** The value of a metric summed over its labels, of those lines that contain all of these; 0 where there is none. */
    double metric(String name, String... labels) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** As Prometheus reads them. */
    String metrics() {
        return send("GET", "/actuator/prometheus", Map.of()).expect(OK).body();
    }

    Http.Answer send(String method, String path, Map<String, String> headers) {
        return send(method, path, headers, BodyPublishers.noBody());
    }

    Http.Answer send(String method, String path, Map<String, String> headers, String body) {
        return send(method, path, headers, BodyPublishers.ofString(body));
    }

    private Http.Answer send(String method, String path, Map<String, String> headers, BodyPublisher body) {
        HttpRequest.Builder request = request(path).method(method, body);
        headers.forEach(request::setHeader);
        try {
            return Http.send(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Bearer " + token);
    }
}
