package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.Emulator;
import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Kafka and the issuer, the emulator, and any number of brokers, each a process of its own on loopback. */
public final class Deployment implements AutoCloseable {

    /** As good as no quota of the broker's own. */
    public static final List<String> NO_QUOTA = Stream.of(
                    "create", "create-user-and-token", "issue", "revoke", "delete")
            .map(operation -> "--tokenbroker.acs.quota." + operation + "=1000000")
            .toList();

    /** On two processors, collectors that work beside the program take from it. */
    private static final List<String> OTHERS = List.of("-Xmx1g", "-XX:+UseParallelGC");

    private final Ports ports = Ports.free();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deque<JavaProcess> running = new ArrayDeque<>();
    private final Emulator emulator = new Emulator(ports.emulator());
    private final Path jar;

    /** Returns once all but the brokers answer. */
    public Deployment(Path jar, String quota) throws IOException {
        this.jar = jar;
        try {
            start(ports, OTHERS, List.of("--parts=kafka,issuer"));
            start(ports, OTHERS, List.of("--parts=acs", "--quota=" + quota));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Another broker; returns once it is ready. */
    public Broker broker(List<String> jvmOptions, List<String> settings) throws IOException, InterruptedException {
        Ports itsOwn = ports.withAnotherBroker();
        List<String> arguments = new ArrayList<>(List.of("--parts=broker"));
        arguments.addAll(settings);
        JavaProcess process = start(itsOwn, jvmOptions, arguments);
        return new Broker(process, http, URI.create("http://127.0.0.1:" + itsOwn.broker()), accessToken());
    }

    private JavaProcess start(Ports ports, List<String> jvmOptions, List<String> arguments) throws IOException {
        Path folder = JavaProcess.newFolder();
        List<String> all = new ArrayList<>(ports.options());
        all.add("--data=" + folder);
        all.addAll(arguments);
        JavaProcess process = JavaProcess.start(folder, jvmOptions, jar, all);
        running.push(process);
        return process.awaitReady();
    }

    public String bootstrapServers() {
        return ports.bootstrapServers();
    }

    public Emulator emulator() {
        return emulator;
    }

    public String issuer() {
        return "http://127.0.0.1:" + ports.issuer();
    }

    /** Of a caller who may do anything, for an hour. */
    public String accessToken() throws IOException, InterruptedException {
        String asked = "/access-token?sub=load&ttl=3600&roles=users.admin,tokens.issue,events.read,events.write,replay";
        URI uri = URI.create(issuer() + asked);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body()
                .strip();
    }

    @Override
    public void close() {
        running.forEach(JavaProcess::close);
        emulator.close();
        http.close();
    }
}
