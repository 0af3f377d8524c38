package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One instance of the broker, for a caller who may do anything. */
public final class Broker {

    private final JavaProcess process;
    private final HttpClient http;
    private final URI address;
    private final String accessToken;

    Broker(JavaProcess process, HttpClient http, URI address, String accessToken) {
        this.process = process;
        this.http = http;
        this.address = address;
        this.accessToken = accessToken;
    }

    public JavaProcess process() {
        return process;
    }

    public int port() {
        return address.getPort();
    }

    /** Makes a user whose id needs no encoding; returns once there is an identity. */
    public void create(String user) throws IOException, InterruptedException {
        HttpRequest request = asked("/v1/users/" + user)
                .header("Prefer", "wait=30")
                .PUT(BodyPublishers.ofString("{}"))
                .build();
        expect(200, http.send(request, BodyHandlers.ofString()));
    }

    /** Starts a replay; returns its id. */
    String startReplay(String request) throws IOException, InterruptedException {
        HttpRequest call =
                asked("/v1/replays").POST(BodyPublishers.ofString(request)).build();
        return textOf(expect(202, http.send(call, BodyHandlers.ofString())), "id");
    }

    /** The job as JSON. */
    String replay(String job) throws IOException, InterruptedException {
        return expect(200, http.send(asked("/v1/replays/" + job).build(), BodyHandlers.ofString()));
    }

    /** The first text of that name. */
    static String textOf(String json, String name) {
        Matcher text = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!text.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return text.group(1);
    }

    /** Asks for a token of a user whose id needs no encoding; returns the whole answer. */
    public String token(String user) throws IOException, InterruptedException {
        return expect(200, http.send(tokenRequest(user), BodyHandlers.ofString()));
    }

    /** Asks for a token of a user whose id needs no encoding; returns the status. */
    int requestToken(String user) throws IOException, InterruptedException {
        return http.send(tokenRequest(user), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest tokenRequest(String user) {
        return asked("/v1/users/" + user + "/tokens")
                .POST(BodyPublishers.ofString("{}"))
                .build();
    }

    private HttpRequest.Builder asked(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + accessToken)
                .header("Content-Type", "application/json");
    }

    private static String expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new IllegalStateException("answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /** How many partitions it owns. */
    int partitions() throws IOException, InterruptedException {
        return metric("tokenbroker_pipeline_partitions").intValue();
    }

    /** A figure without labels, by the name it has for Prometheus. */
    public Double metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/actuator/prometheus"))
                .header("Authorization", "Bearer " + accessToken)
                .build();
        return http.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
