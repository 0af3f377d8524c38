package io.tokenbroker.reference;

import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import io.tokenbroker.acs.BrokersClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One reference as a process: {@code bare|parallel-consumer|blocking <calls in flight> <port of Kafka> <port of the
 * emulator's control>}. Prints {@code ready} once it works, and ends with its standard input, so that it does not
 * outlive whoever started it.
 */
final class Reference {

    private Reference() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int inFlight = Integer.parseInt(arguments[1]);
        String kafka = "127.0.0.1:" + Integer.parseInt(arguments[2]);
        String control = "http://127.0.0.1:" + Integer.parseInt(arguments[3]) + "/emulator/";
        try (var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                var clients = new BrokersClient(get(control + "connection-string"), certificates(control), inFlight)) {
            CommunicationIdentityAsyncClient client = clients.client();
            switch (arguments[0]) {
                case "bare" -> {
                    var loop = new BareLoop(client, inFlight);
                    say("ready");
                    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                        say(loop.answer(line));
                    }
                }
                case "parallel-consumer" -> {
                    Topics.make(kafka);
                    try (var consuming = new ParallelConsuming(kafka, client, inFlight)) {
                        consuming.start();
                        untilTheEnd(commands);
                    }
                }
                case "blocking" -> {
                    Topics.make(kafka);
                    try (var consuming = new BlockingConsuming(kafka, client)) {
                        consuming.start();
                        untilTheEnd(commands);
                    }
                }
                default ->
                    throw new IllegalArgumentException(
                            "there is no reference " + arguments[0] + "; allowed: bare, parallel-consumer, blocking");
            }
        }
    }

    private static void untilTheEnd(BufferedReader commands) throws IOException {
        say("ready");
        while (commands.readLine() != null) {
            // nobody commands these; it is the end that is waited for
        }
    }

    private static Path certificates(String control) throws IOException, InterruptedException {
        Path file = Files.createTempFile("acs-ca", ".pem");
        file.toFile().deleteOnExit();
        return Files.writeString(file, get(control + "ca.pem"));
    }

    private static String get(String uri) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var response = http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answers " + response.statusCode());
            }
            return response.body().strip();
        }
    }

    @SuppressWarnings("SystemOut") // what it is asked over is standard input and output
    private static void say(String line) {
        System.out.println(line);
    }
}
