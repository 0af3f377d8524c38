package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.emulator.AcsEmulator;
import io.tokenbroker.emulator.EmulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Two resources: new identities on the current one, everything else where the identity lives. */
class AcsRoutingTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final AcsEmulator current = AcsEmulator.start(EmulatorOptions.ephemeral());
    private final AcsEmulator retiring = AcsEmulator.start(EmulatorOptions.ephemeral());
    private Path trusted;
    private AcsIdentityId old;

    @BeforeEach
    void anIdentityOnTheRetiringResource(@TempDir Path directory) throws IOException {
        trusted = Files.writeString(directory.resolve("ca.pem"), current.caPem() + retiring.caPem());
        try (SdkClients clients = new SdkClients(settings(retiring, null), 5)) {
            old = answer(api(clients, settings(retiring, null)).create());
        }
    }

    @AfterEach
    void stop() {
        current.close();
        retiring.close();
    }

    @Test
    void theResourceOfAnOldIdentityIsFoundByTrying() {
        AcsSettings settings = settings(current, null, retiring, null);
        try (SdkClients clients = new SdkClients(settings, 5)) {
            IdentityApi api = api(clients, settings);

            assertThat(answer(api.issue(old, Set.of("chat"), 60)).value()).isNotEmpty();
            AcsIdentityId made = answer(api.create());
            assertThat(made.resourceId()).isNotEqualTo(old.resourceId());
            now(api.delete(old)).block(SOON);
            now(api.delete(made)).block(SOON);
            now(api.delete(old)).block(SOON);
        }
    }

    @Test
    void whereTheResourcesAreNamedNobodyElseIsAsked() {
        AcsSettings settings = settings(current, "00000000-0000-0000-0000-000000000000", retiring, old.resourceId());
        try (SdkClients clients = new SdkClients(settings, 5)) {
            now(api(clients, settings).delete(old)).block(SOON);
        }
    }

    @Test
    void whatNoResourceKnowsIsRefused() {
        AcsSettings settings = settings(current, null, retiring, null);
        var nobodys = new AcsIdentityId(
                "8:acs:00000000-0000-0000-0000-000000000000_" + "0".repeat(8) + "-0000-0000-0000-000000000001");
        try (SdkClients clients = new SdkClients(settings, 5)) {
            Mono<Void> delete = now(api(clients, settings).delete(nobodys));
            Failure failure = catchThrowableOfType(Failure.class, () -> delete.block(SOON));
            assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
        }
    }

    private static IdentityApi api(SdkClients clients, AcsSettings settings) {
        return new AcsConfiguration().acsIdentityApi(clients, settings, Clock.systemUTC());
    }

    private AcsSettings settings(AcsEmulator only, @Nullable String id) {
        return settings(List.of(resource(only, AcsSettings.State.CURRENT, id)));
    }

    private AcsSettings settings(
            AcsEmulator first, @Nullable String firstId, AcsEmulator second, @Nullable String secondId) {
        return settings(List.of(
                resource(second, AcsSettings.State.RETIRING, secondId),
                resource(first, AcsSettings.State.CURRENT, firstId)));
    }

    private AcsSettings settings(List<AcsSettings.Resource> resources) {
        return new AcsSettings(resources, "2023-10-01", AcsUnderTest.AZURES, Duration.ofSeconds(5), trusted.toString());
    }

    private static AcsSettings.Resource resource(AcsEmulator emulator, AcsSettings.State state, @Nullable String id) {
        return new AcsSettings.Resource(emulator.connectionString(), null, state, id);
    }

    private static <T> T answer(Routed<T> asked) {
        return Objects.requireNonNull(now(asked).block(SOON));
    }

    private static <T> Mono<T> now(Routed<T> asked) {
        return asked.through(Routed.Attempt::remote);
    }
}
