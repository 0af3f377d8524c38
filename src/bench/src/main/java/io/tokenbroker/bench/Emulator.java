package io.tokenbroker.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ACS emulator's control port. */
final class Emulator implements AutoCloseable {

    private static final Pattern CREATES = Pattern.compile("\"create\":\\{\"calls\":(\\d+)");

    private final URI control;
    private final HttpClient http = HttpClient.newHttpClient();

    Emulator(int controlPort) {
        control = URI.create("http://127.0.0.1:" + controlPort + "/emulator/");
    }

    /** Makes every call take this long. */
    void setLatency(int milliseconds) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control.resolve("faults"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"latencyMs\":{\"fixed\":" + milliseconds + "}}")));
    }

    /** How many times it was asked to make an identity since it started, whatever became of it. */
    long creates() throws IOException, InterruptedException {
        String calls = send(HttpRequest.newBuilder(control.resolve("calls")));
        Matcher creates = CREATES.matcher(calls);
        if (!creates.find()) {
            throw new IllegalStateException("no count of creates: " + calls);
        }
        return Long.parseLong(creates.group(1));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException("the emulator answers " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    @Override
    public void close() {
        http.close();
    }
}
