package io.tokenbroker.acs;

import static io.tokenbroker.pipeline.IdentityCalls.Priority.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.emulator.AcsEmulator;
import io.tokenbroker.emulator.EmulatorOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The quota as ACS counts it, in a world where a minute passes in three seconds. */
class AcsQuotaTest {

    private static final int TIMES = 20;

    @Test
    void acsNeverCountsOneCallTooMany(@TempDir Path directory) throws Exception {
        long start = System.nanoTime();
        try (AcsEmulator emulator =
                AcsEmulator.start(EmulatorOptions.ephemeral().withClock(new HastyClock(start)))) {
            HttpClient control = HttpClient.newHttpClient();
            URI base = URI.create("http://127.0.0.1:" + emulator.controlPort() + "/emulator/");
            var faults = HttpRequest.BodyPublishers.ofString(
                    "{\"quota\":{\"create\":10},\"latencyMs\":{\"p50\":5,\"p99\":60}}");
            control.send(
                    HttpRequest.newBuilder(base.resolve("faults")).PUT(faults).build(),
                    HttpResponse.BodyHandlers.ofString());
            var quota = new AcsSettings.Quota(10, 10, 10, 10, 10, 10);
            var resource = new AcsSettings.Resource(emulator.connectionString(), null, AcsSettings.State.CURRENT, null);
            String pem = AcsUnderTest.pem(directory, emulator).toString();
            var settings = new AcsSettings(List.of(resource), "2023-10-01", quota, Duration.ofSeconds(5), pem);
            var configuration = new AcsConfiguration();
            try (SdkClients clients = configuration.acsClients(settings, 8)) {
                IdentityApi api = configuration.acsIdentityApi(clients, settings, Clock.systemUTC());
                var governor = new QuotaGovernor(
                        quota.byOperation(),
                        8,
                        new HastyScheduler(TIMES),
                        () -> System.nanoTime() * TIMES,
                        Clock.systemUTC(),
                        () -> 0,
                        new GovernorMeters(new SimpleMeterRegistry()));

                Flux.range(0, 45)
                        .flatMap(
                                i -> api.create()
                                        .through(attempt -> governor.call(
                                                attempt.resource(),
                                                Operation.CREATE,
                                                LIVE,
                                                Mono.empty(),
                                                attempt.remote())),
                                45)
                        .then()
                        .block(Duration.ofSeconds(30));
            }
            String counts = control.send(
                            HttpRequest.newBuilder(base.resolve("calls")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            var creates = JsonMapper.shared().readTree(counts).path("create");
            assertThat(creates.path("successes").asInt()).isEqualTo(45);
            assertThat(creates.path("throttled").asInt()).isZero();
        }
    }

    private static final class HastyClock extends Clock {

        private final Instant origin = Instant.now();
        private final long start;

        HastyClock(long start) {
            this.start = start;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return origin.plusNanos((System.nanoTime() - start) * TIMES);
        }
    }
}
