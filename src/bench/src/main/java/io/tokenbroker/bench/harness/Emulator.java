package io.tokenbroker.bench.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ACS emulator's control port. */
public final class Emulator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI control;
    private final HttpClient http = HttpClient.newHttpClient();

    public Emulator(int controlPort) {
        control = URI.create("http://127.0.0.1:" + controlPort + "/emulator/");
    }

    /** Makes every call take this long. */
    public void setLatency(int milliseconds) throws IOException, InterruptedException {
        faults("{\"latencyMs\":{\"fixed\":" + milliseconds + "}}");
    }

    /** What is to go wrong from now on, instead of what was to go wrong before. */
    public void faults(String json) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control.resolve("faults"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /** A count since it started, such as {@code calls} or {@code throttled}, of one operation. */
    public long count(String operation, String what) throws IOException, InterruptedException {
        String counts = send(HttpRequest.newBuilder(control.resolve("calls")));
        Matcher count = Pattern.compile("\"" + operation + "\":\\{[^}]*\"" + what + "\":(\\d+)")
                .matcher(counts);
        if (!count.find()) {
            throw new IllegalStateException("no " + what + " of " + operation + " in " + counts);
        }
        return Long.parseLong(count.group(1));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
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
