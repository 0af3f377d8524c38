package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What operators see of the broker as it is deployed: metrics, dashboard, alerts, traces, logs, contracts. */
@Timeout(180)
@Order(5)
class ObservabilityIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String UPSTREAM = "00f067aa0ba902b7";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static final AtomicInteger USERS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static SpanReceiver spans;
    private static Stack stack;
    private static StandaloneBroker broker;
    private static BrokerApi admin;
    private static BrokerApi operator;
    private static KafkaProducer<byte[], byte[]> upstream;

    @BeforeAll
    static void start() {
        spans = SpanReceiver.start();
        stack = Stack.start(ObservabilityIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(List.of(
                "--logging.structured.format.console=ecs",
                "--management.opentelemetry.tracing.export.otlp.endpoint=" + spans.endpoint(),
                "--management.opentelemetry.tracing.export.schedule-delay=200ms"));
        // a young generation that is small is collected within the test
        broker = StandaloneBroker.start(
                stack, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Xmn16m"), settings);
        admin = stack.admin(broker.address());
        operator = stack.admin(broker.management());
        upstream = stack.producer();
    }

    @AfterAll
    static void stop() {
        if (upstream != null) {
            upstream.close();
        }
        if (broker != null) {
            broker.close();
        }
        stack.close();
        spans.close();
    }

    @Test
    void everyPanelHasData() {
        admin.createAndWait("panels");
        try (Prometheus prometheus = Prometheus.start(folder, broker.management());
                EventStream tokens = EventStream.open(admin, BrokerApi.user("panels") + "/tokens/stream", "")) {
            List<Dashboard.Query> empty = new ArrayList<>(Dashboard.queries());
            assertThat(empty).hasSizeGreaterThan(30);

            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                someOfEverything();
                empty.removeIf(query -> prometheus.values(query.over("30s")) > 0);
                assertThat(empty).isEmpty();
            });

            assertThat(tokens.hasEnded()).isFalse();
            assertThat(prometheus.rules()).hasSizeGreaterThan(10).allMatch(rule -> rule.endsWith(" ok"));
        }
    }

    @Test
    void everyMetricOfAPanelIsThere() {
        someOfEverything();

        await().atMost(SOON).untilAsserted(() -> {
            String metrics = operator.metrics();
            assertThat(metrics).contains("uri=\"/v1/users/{id}/tokens\"").doesNotContain("panels-");
            assertThat(Dashboard.queries())
                    .allSatisfy(query -> assertThat(query.metrics())
                            .as(query.panel())
                            .allMatch(name ->
                                    metrics.contains("\n" + name + "{") || metrics.contains("\n" + name + " ")));
        });
    }

    @Test
    void everyMetricIsNamedAndExplainedAsPrometheusAsksFor() throws IOException, InterruptedException {
        Path promtool = Program.require("promtool");
        String ours = operator.metrics()
                .lines()
                .filter(line -> line.contains("tokenbroker_"))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(ours).contains("tokenbroker_health");

        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectErrorStream(true)
                .redirectInput(
                        Files.writeString(folder.resolve("metrics.txt"), ours).toFile())
                .start();

        assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    /** Events, tokens, a revocation somebody hears of, and what cannot be applied. */
    private static void someOfEverything() {
        String user = "panels-" + USERS.incrementAndGet();
        admin.createAndWait(user);
        admin.token(user).expect(BrokerApi.OK);
        try (EventStream stream = EventStream.open(admin, BrokerApi.user(user) + "/tokens/stream", "")) {
            await().atMost(SOON).until(() -> !stream.events().isEmpty());
            admin.revokeAndWait(user);
            await().atMost(SOON)
                    .until(() -> stream.events().stream()
                            .anyMatch(event -> event.name().equals("revoked")));
        }
        admin.deleteAndWait(user);
        Stack.join(upstream.send(new UserEvent("x", "/upstream", "tokenbroker.user.unknown.v1", user, "").binary()));
    }

    @Test
    void oneTraceGoesFromTheUpstreamEventOverTheCallToWhoeverIsTold() {
        ProducerRecord<byte[], byte[]> created = UserEvent.created("traced").binary();
        UserEvent.header(created, "ce_traceparent", "00-" + TRACE + "-" + UPSTREAM + "-01");
        JsonNode told;
        try (EventStream outcomes = EventStream.open(admin, "/v1/token-events?user=traced", "")) {
            await().atMost(SOON).until(() -> !outcomes.comments().isEmpty());
            Stack.join(upstream.send(created));
            await().atMost(SOON).until(() -> outcomes.events().size() >= 2);
            told = outcomes.events().getFirst().json();
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(spans.of(TRACE).stream()
                                .map(SpanReceiver.Span::name)
                                .collect(Collectors.toSet()))
                        .containsExactlyInAnyOrder(
                                "user-lifecycle receive",
                                "acs create-user-and-token",
                                "token-events send",
                                "token-events deliver"));
        SpanReceiver.Span received = one("user-lifecycle receive");
        assertThat(received.parent()).isEqualTo(UPSTREAM);
        assertThat(one("acs create-user-and-token").parent()).isEqualTo(received.id());
        List<String> sent = spans.of(TRACE).stream()
                .filter(span -> span.name().equals("token-events send"))
                .peek(span -> assertThat(span.parent()).isEqualTo(received.id()))
                .map(SpanReceiver.Span::id)
                .toList();
        assertThat(spans.of(TRACE))
                .filteredOn(span -> span.name().equals("token-events deliver"))
                .isNotEmpty()
                .allMatch(span -> sent.contains(span.parent()));
        assertThat(told.path("traceparent").asString("")).startsWith("00-" + TRACE + "-");
        assertThat(sent).contains(told.path("traceparent").asString("").split("-", -1)[2]);
    }

    private static SpanReceiver.Span one(String name) {
        List<SpanReceiver.Span> found = spans.of(TRACE).stream()
                .filter(span -> span.name().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    @Test
    void everyLineOfTheLogIsJsonAndNamesTheEventAndItsTrace() {
        stack.emulator().faults("""
                {"errors": [{"operation": "createUserAndToken", "status": 400, "rate": 1}]}""");
        try {
            UserEvent refused = UserEvent.created("refused");
            ProducerRecord<byte[], byte[]> record = refused.binary();
            UserEvent.header(record, "traceparent", "00-" + TRACE.replace('4', '5') + "-" + UPSTREAM + "-01");
            Stack.join(upstream.send(record));

            await().atMost(SOON).until(() -> broker.lines().stream().anyMatch(line -> line.contains(refused.id())));
            List<JsonNode> lines =
                    broker.lines().stream().map(Http.JSON::readTree).toList();
            assertThat(lines).allMatch(line -> line.has("@timestamp") && line.has("message"));
            JsonNode parked = lines.stream()
                    .filter(line -> line.path("message").asString("").equals("parked"))
                    .findFirst()
                    .orElseThrow();
            assertThat(parked.path("eventId").asString("")).isEqualTo(refused.id());
            assertThat(parked.path("traceId").asString("")).isEqualTo(TRACE.replace('4', '5'));
            assertThat(parked.path("userId").asString("")).isEqualTo("refused");
        } finally {
            stack.emulator().noFaults();
        }
    }

    @Test
    void theContractsAreServedAsTheLinterLikesThem() throws IOException {
        NodeScript.requirePackages();
        for (String path : List.of("/openapi", "/asyncapi")) {
            Path served = folder.resolve(path.substring(1) + ".yaml");
            Files.writeString(
                    served, admin.send("GET", path, JSON).expect(BrokerApi.OK).body());

            assertThat(SpectralLinter.problemsOf(served, folder.resolve("spectral" + path.substring(1) + ".log")))
                    .as(path)
                    .isEmpty();
        }
    }
}
