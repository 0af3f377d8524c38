package io.tokenbroker.bench.load;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Kafka and the issuer, the emulator, and any number of brokers, each a process of its own on loopback. */
final class Deployment implements AutoCloseable {

    /** As good as no quota of the broker's own. */
    static final List<String> NO_QUOTA = Stream.of("create", "create-user-and-token", "issue", "revoke", "delete")
            .map(operation -> "--tokenbroker.acs.quota." + operation + "=1000000")
            .toList();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** On two processors, collectors that work beside the program take from it. */
    private static final List<String> OTHERS = List.of("-Xmx1g", "-XX:+UseParallelGC");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JvmProcess> running = new ArrayList<>();
    private final Path jar;
    private final Path data;
    private final int kafkaPort;
    private final int issuerPort;
    private final int acsPort;
    private final int controlPort;

    /** Returns once all but the brokers answer. */
    Deployment(Path jar, String quota) throws IOException {
        this.jar = jar;
        kafkaPort = freePort();
        issuerPort = freePort();
        acsPort = freePort();
        controlPort = freePort();
        data = Files.createTempDirectory("tokenbroker-load");
        try {
            start("kafka", OTHERS, List.of("--parts=kafka,issuer"));
            start("acs", OTHERS, List.of("--parts=acs", "--quota=" + quota));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Another broker; returns once it is ready. */
    Broker broker(List<String> jvmOptions, List<String> settings) throws IOException, InterruptedException {
        int port = freePort();
        List<String> arguments = new ArrayList<>(List.of("--parts=broker", "--broker-port=" + port));
        arguments.addAll(settings);
        JvmProcess process = start("broker-" + port, jvmOptions, arguments);
        return new Broker(process, http, URI.create("http://127.0.0.1:" + port), accessToken());
    }

    private JvmProcess start(String name, List<String> jvmOptions, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--kafka-port=" + kafkaPort,
                "--issuer-port=" + issuerPort,
                "--acs-port=" + acsPort,
                "--emulator-port=" + controlPort,
                "--data=" + data));
        all.addAll(arguments);
        JvmProcess process = new JvmProcess(jvmOptions, jar, all, data.resolve(name + ".txt"));
        running.add(process);
        return process.awaitReady();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** What is to go wrong at the emulator from now on, as its control port takes it. */
    void faults(String json) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control("faults")).PUT(BodyPublishers.ofString(json)));
    }

    /** A count of the emulator's, such as {@code calls} or {@code throttled}, of one operation. */
    long count(String operation, String what) throws IOException, InterruptedException {
        String counts = send(HttpRequest.newBuilder(control("calls")));
        Matcher count = Pattern.compile("\"" + operation + "\":\\{[^}]*\"" + what + "\":(\\d+)")
                .matcher(counts);
        if (!count.find()) {
            throw new IllegalStateException("no " + what + " of " + operation + " in " + counts);
        }
        return Long.parseLong(count.group(1));
    }

    private URI control(String path) {
        return URI.create("http://127.0.0.1:" + controlPort + "/emulator/" + path);
    }

    private String accessToken() throws IOException, InterruptedException {
        String path = "/access-token?sub=load&ttl=3600&roles=users.admin,tokens.issue,events.read,events.write";
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + issuerPort + path)))
                .strip();
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(answer.uri() + " answers " + answer.statusCode());
        }
        return answer.body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        running.reversed().forEach(JvmProcess::close);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
