package io.tokenbroker.terminal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A running broker's {@code /v1/replays}. */
final class BrokerApi {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final URI address;
    private final String token;

    /** @param token the JWT; never shown */
    BrokerApi(URI address, String token) {
        this.address = address;
        this.token = token;
    }

    JsonNode start(ObjectNode request) {
        return send(call("").POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request))));
    }

    JsonNode list() {
        return send(call("").GET());
    }

    JsonNode get(String job) {
        return send(call("/" + job).GET());
    }

    /** @param verb {@code pause}, {@code resume} or {@code cancel} */
    JsonNode control(String job, String verb) {
        return send(call("/" + job + "/" + verb).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder call(String path) {
        try {
            return HttpRequest.newBuilder(address.resolve("/v1/replays" + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json");
        } catch (IllegalArgumentException e) {
            throw new BrokerUnwilling("not an address, or not a job's id: " + address + " " + path);
        }
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new BrokerUnwilling(problem(answer));
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new BrokerUnwilling(address + " does not answer: " + e);
        } catch (JacksonException e) {
            throw new BrokerUnwilling(address + " is no broker: it does not answer in JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnwilling("interrupted");
        }
    }

    /** What the broker says is wrong, each field in a line. */
    private static String problem(HttpResponse<String> answer) {
        try {
            JsonNode problem = JSON.readTree(answer.body());
            StringBuilder text = new StringBuilder(
                    answer.statusCode() + " " + problem.path("title").asString("") + ": "
                            + problem.path("detail").asString(""));
            problem.path("errors")
                    .forEach(error -> text.append("\n  ")
                            .append(error.path("field").asString(""))
                            .append(
                                    error.has("value")
                                            ? " is " + error.path("value").asString("")
                                            : " is missing")
                            .append("; allowed: ")
                            .append(error.path("allowed").asString("")));
            return text.toString();
        } catch (JacksonException e) {
            return answer.statusCode() + " without a reason";
        }
    }
}
