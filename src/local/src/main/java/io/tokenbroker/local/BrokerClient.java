package io.tokenbroker.local;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The broker as any client sees it, over HTTP with a token of the development issuer. */
final class BrokerClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final JsonMapper json = JsonMapper.shared();
    private final String broker;
    private final String authorization;

    private BrokerClient(String broker, String issuer, String roles) {
        this.broker = broker;
        URI uri = URI.create(issuer + "/access-token?sub=walkthrough&roles=" + roles);
        String token = send(HttpRequest.newBuilder(uri), OK, BodyHandlers.ofString());
        this.authorization = "Bearer " + token.strip();
    }

    /** @throws WalkthroughFailure where the issuer gives no token */
    static BrokerClient of(Options options) {
        return new BrokerClient(
                options.address(LocalPort.BROKER),
                options.address(LocalPort.ISSUER),
                "events.write,events.read,users.admin,tokens.issue");
    }

    /** Says that a user was created, and returns the id of the event that says it. */
    String created(String user) {
        String event = json.createObjectNode()
                .put("specversion", "1.0")
                .put("id", user + "-created")
                .put("source", "/tokenbroker/walkthrough")
                .put("type", "tokenbroker.user.created.v1")
                .put("subject", user)
                .toString();
        return json("POST", "/v1/events", "application/cloudevents+json", event, ACCEPTED)
                .path("accepted")
                .path(0)
                .path("eventId")
                .asString("");
    }

    /** Asks for a token with one scope, and returns the whole answer. */
    JsonNode token(String user, String scope) {
        String body = "{\"scopes\":[\"" + scope + "\"]}";
        return json("POST", ofUser(user) + "/tokens", "application/json", body, OK);
    }

    /** Has every token revoked, and returns the id of the event that says so. */
    String revokeTokens(String user) {
        return json("DELETE", ofUser(user) + "/tokens", "", "", ACCEPTED)
                .path("eventId")
                .asString("");
    }

    /** Has the user deleted, and returns the id of the event that says so. */
    String delete(String user) {
        return json("DELETE", ofUser(user), "", "", ACCEPTED).path("eventId").asString("");
    }

    /** Begins to listen to what comes of a user's events, from now on. */
    OutcomeFeed outcomes(String user) {
        String query = "?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8);
        HttpRequest.Builder request =
                request("GET", "/v1/token-events" + query, "", "").setHeader("Accept", "text/event-stream");
        Stream<String> lines = send(request, OK, BodyHandlers.ofLines());
        return new OutcomeFeed(lines, json);
    }

    private static String ofUser(String user) {
        return "/v1/users/" + URLEncoder.encode(user, StandardCharsets.UTF_8);
    }

    private JsonNode json(String method, String path, String type, String body, int expected) {
        String answer = send(request(method, path, type, body), expected, BodyHandlers.ofString());
        try {
            return json.readTree(answer);
        } catch (JacksonException e) {
            throw new WalkthroughFailure(method + " " + path + " answered what is not JSON", e);
        }
    }

    private HttpRequest.Builder request(String method, String path, String type, String body) {
        BodyPublisher content = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(broker + path))
                .method(method, content)
                .header("Accept", "application/json")
                .header("Authorization", authorization);
        return type.isEmpty() ? request : request.header("Content-Type", type);
    }

    private <T> T send(HttpRequest.Builder builder, int expected, BodyHandler<T> whenExpected) {
        HttpRequest request = builder.timeout(TIMEOUT).build();
        String call = request.method() + " " + request.uri();
        try {
            HttpResponse<T> response = http.send(request, whenExpected);
            if (response.statusCode() == expected) {
                return response.body();
            }
            String problem = response.body() instanceof String text ? ": " + text.strip() : "";
            throw new WalkthroughFailure(
                    call + " answered " + response.statusCode() + " instead of " + expected + problem);
        } catch (IOException e) {
            throw new WalkthroughFailure(call + " got no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalkthroughFailure("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
