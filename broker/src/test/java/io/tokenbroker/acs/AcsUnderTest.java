package io.tokenbroker.acs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.emulator.AcsEmulator;
import io.tokenbroker.emulator.EmulatorOptions;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import io.tokenbroker.tokens.FirstTokens;
import io.tokenbroker.traces.Traces;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole edge, put together as in the broker, over an emulator of its own. */
final class AcsUnderTest implements AutoCloseable {

    /** Above what a busy machine takes for an answer. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(4);

    static final AcsSettings.Quota AZURES = new AcsSettings.Quota(1000, 1000, 1000, 500, 500, 500);

    private static final HttpClient CONTROL = HttpClient.newHttpClient();

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final QuotaGovernor governor;
    final IdentityCalls calls;
    final GovernedAccessTokens tokens;
    final AcsHealth health;
    private final Path directory;
    private final SdkClients clients;
    private AcsEmulator emulator;

    private AcsUnderTest(Path directory, AcsEmulator emulator, AcsSettings settings, int maxInFlight) {
        var configuration = new AcsConfiguration();
        this.directory = directory;
        this.emulator = emulator;
        clients = configuration.acsClients(settings, maxInFlight);
        IdentityApi api = configuration.acsIdentityApi(clients, settings, Clock.systemUTC());
        governor = configuration.acsQuotaGovernor(settings, maxInFlight, Clock.systemUTC(), registry);
        calls = configuration.acsIdentityCalls(
                api, governor, new FirstTokens(100, Clock.systemUTC()), Clock.systemUTC(), Traces.OFF);
        tokens = configuration.acsAccessTokens(api, governor);
        health = new AcsHealth(governor);
    }

    static AcsUnderTest start(Path directory) throws IOException {
        return start(directory, null, "2023-10-01", 50, true);
    }

    /** @param connectionString another one than the emulator's */
    static AcsUnderTest start(
            Path directory, @Nullable String connectionString, String apiVersion, int maxInFlight, boolean trusting)
            throws IOException {
        AcsEmulator emulator = AcsEmulator.start(
                EmulatorOptions.ephemeral().withData(directory).withCallLog(callLog(directory)));
        String connection = connectionString == null ? emulator.connectionString() : connectionString;
        var resource = new AcsSettings.Resource(
                connection.replace("{port}", "" + emulator.port()), null, AcsSettings.State.CURRENT, null);
        String pem = trusting ? pem(directory, emulator).toString() : null;
        var settings = new AcsSettings(List.of(resource), apiVersion, AZURES, LONGEST_CALL, pem);
        return new AcsUnderTest(directory, emulator, settings, maxInFlight);
    }

    /** Its own emulator is the current resource, the other's the retiring one. */
    static AcsUnderTest startBeside(AcsUnderTest retiring, Path directory) throws IOException {
        AcsEmulator emulator = AcsEmulator.start(
                EmulatorOptions.ephemeral().withData(directory).withCallLog(callLog(directory)));
        var resources = List.of(
                new AcsSettings.Resource(emulator.connectionString(), null, AcsSettings.State.CURRENT, null),
                new AcsSettings.Resource(retiring.emulator.connectionString(), null, AcsSettings.State.RETIRING, null));
        String both = emulator.caPem() + retiring.emulator.caPem();
        String pem = Files.writeString(directory.resolve("both.pem"), both).toString();
        var settings = new AcsSettings(resources, "2023-10-01", AZURES, LONGEST_CALL, pem);
        return new AcsUnderTest(directory, emulator, settings, 50);
    }

    static Path pem(Path directory, AcsEmulator emulator) throws IOException {
        return Files.writeString(directory.resolve("ca-for-clients.pem"), emulator.caPem());
    }

    Mono<StepResult> call(Step step) {
        return calls.call(step, Priority.LIVE, UUID.randomUUID().toString(), Mono.empty());
    }

    /** Each call that has ended, as the emulator saw it. */
    List<JsonNode> callLog() throws IOException {
        return Files.readAllLines(callLog(directory)).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static Path callLog(Path directory) {
        return directory.resolve("calls.json");
    }

    StepResult.IdentityCreated create() {
        return (StepResult.IdentityCreated) call(new Step.CreateIdentity())
                .blockOptional(Duration.ofSeconds(20))
                .orElseThrow();
    }

    /** As health says it. */
    String host() {
        return URI.create(ConnectionString.parse(emulator.connectionString()).endpoint())
                .getAuthority();
    }

    void stopEmulator() {
        emulator.close();
    }

    void startEmulatorAgain() {
        EmulatorOptions again = EmulatorOptions.ephemeral().withData(directory).withPorts(emulator.port(), 0);
        emulator = AcsEmulator.start(again);
    }

    void faults(String json) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control("faults")).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    void noFaults() throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(control("faults")).DELETE());
    }

    JsonNode counts(String operation) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(send(HttpRequest.newBuilder(control("calls"))))
                .path(operation);
    }

    int identities() throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(send(HttpRequest.newBuilder(control("identities?state=active"))))
                .path("count")
                .asInt();
    }

    private URI control(String what) {
        return URI.create("http://127.0.0.1:" + emulator.controlPort() + "/emulator/" + what);
    }

    private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = CONTROL.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        clients.close();
        emulator.close();
    }
}
