package io.tokenbroker.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The local stack as a process of its own, on free loopback ports and in a folder that goes with it. */
final class LocalProcess implements AutoCloseable {

    private final Path data;
    private final Process process;
    private final int kafkaPort = freePort();
    private final int controlPort = freePort();
    private final HttpClient http = HttpClient.newHttpClient();

    /** Returns once the stack says that it is ready. */
    LocalProcess(Path jar, List<String> settings) throws IOException {
        data = Files.createTempDirectory("tokenbroker-bench");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                // on two processors, collectors that work beside the program take from it
                "-XX:+UseParallelGC",
                "-jar",
                jar.toString(),
                "--broker-port=" + freePort(),
                "--acs-port=" + freePort(),
                "--issuer-port=" + freePort(),
                "--kafka-port=" + kafkaPort,
                "--emulator-port=" + controlPort,
                "--quota=none",
                "--data=" + data));
        command.addAll(settings);
        process = new ProcessBuilder(command)
                .redirectError(data.resolve("stderr.txt").toFile())
                .start();
        awaitReady();
    }

    private void awaitReady() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.startsWith("ready")) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IllegalStateException(
                    "the local stack did not start:\n" + Files.readString(data.resolve("stderr.txt")));
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** What the stack has had of the processors so far: Kafka, the emulator and the broker together. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Makes every call to the emulator take this long. */
    void setLatency(int milliseconds) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPort + "/emulator/faults"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"latencyMs\":{\"fixed\":" + milliseconds + "}}"))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IllegalStateException("the emulator answers " + response.statusCode() + ": " + response.body());
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
