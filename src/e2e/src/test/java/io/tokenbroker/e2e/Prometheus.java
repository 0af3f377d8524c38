package io.tokenbroker.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A Prometheus of this machine's, which reads one broker every second. */
final class Prometheus implements AutoCloseable {

    private static final Path ALERTS =
            Path.of("../docker/prometheus/alerts.yml").toAbsolutePath().normalize();

    private final String address;
    private final LocalProcess process;

    private Prometheus(String address, LocalProcess process) {
        this.address = address;
        this.process = process;
    }

    /** @param actuator the broker's; skips the test where there is no Prometheus */
    static Prometheus start(Path folder, String actuator) {
        Path program = Program.require("prometheus");
        int port = FreePorts.next();
        String target = URI.create(actuator).getAuthority();
        try {
            Path configuration = Files.writeString(folder.resolve("prometheus.yml"), """
                    global: {scrape_interval: 1s, evaluation_interval: 1s}
                    rule_files: [%s]
                    scrape_configs:
                      - job_name: tokenbroker
                        metrics_path: /actuator/prometheus
                        static_configs: [{targets: ["%s"]}]
                    """.formatted(ALERTS, target));
            LocalProcess process = LocalProcess.start(
                    List.of(program.toString()),
                    folder.resolve("prometheus.log"),
                    List.of(
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + folder.resolve("prometheus"),
                            "--web.listen-address=127.0.0.1:" + port));
            Prometheus prometheus = new Prometheus("http://127.0.0.1:" + port, process);
            await("Prometheus")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .failFast("Prometheus ended", () -> !process.isAlive())
                    .until(() -> prometheus.values("up == 1") == 1);
            return prometheus;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many values an expression has now, not counting those that are none. */
    long values(String expression) {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode answer =
                get("/api/v1/query?query=" + query).expect(BrokerApi.OK).json();
        return answer.at("/data/result").values().stream()
                .map(series -> series.at("/value/1").asString(""))
                .filter(value -> !value.equals("NaN"))
                .count();
    }

    /** Every alert's name, and whether its expression could be evaluated. */
    List<String> rules() {
        return get("/api/v1/rules").expect(BrokerApi.OK).json().at("/data/groups/0/rules").values().stream()
                .map(rule -> rule.path("name").asString("") + " "
                        + rule.path("health").asString(""))
                .toList();
    }

    private Http.Answer get(String path) {
        try {
            return Http.send(HttpRequest.newBuilder(URI.create(address + path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
