package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** One instance of the broker, for a caller who may do anything. */
final class Broker {

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

    JavaProcess process() {
        return process;
    }

    /** Asks for a token of a user whose id needs no encoding; returns the status. */
    int requestToken(String user) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/users/" + user + "/tokens"))
                .header("Authorization", "Bearer " + accessToken)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** How many partitions it owns. */
    int partitions() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/actuator/prometheus"))
                .header("Authorization", "Bearer " + accessToken)
                .build();
        return http.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("tokenbroker_pipeline_partitions "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
