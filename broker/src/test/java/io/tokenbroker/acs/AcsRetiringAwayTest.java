package io.tokenbroker.acs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Users are being moved off a resource that is gone before its last identity is. */
class AcsRetiringAwayTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 200;

    private AcsUnderTest old;
    private AcsUnderTest acs;
    private AcsIdentityId leftBehind;

    @BeforeEach
    void aUserIsLeftOnTheRetiringResource(@TempDir Path oldDirectory, @TempDir Path directory) throws IOException {
        old = AcsUnderTest.start(oldDirectory);
        leftBehind = old.create().identityId();
        acs = AcsUnderTest.startBeside(old, directory);
        acs.create();
    }

    @AfterEach
    void stop() {
        acs.close();
        old.close();
    }

    @Test
    void aRetiringResourceThatIsClosedHoldsUpNobodyElseAndItsDeleteIsDoneWhenItIsBack() {
        old.stopEmulator();
        CompletableFuture<?> delete =
                acs.call(new Step.DeleteIdentity(leftBehind)).toFuture();
        await().until(() -> !acs.governor.outagesOfRetiring().isEmpty());

        everybodyElseIsServed();

        healthSaysThatTheRetiringOneIsAway("AnnotatedConnectException");
        assertThat(delete).isNotDone();
        old.startEmulatorAgain();
        await().until(delete::isDone);
        assertThat(delete).isCompleted();
        nothingIsAway();
    }

    @Test
    void aRetiringResourceWhoseKeyIsWrongHoldsUpNobodyElseAndItsDeleteIsDoneWhenItIsRight() throws Exception {
        old.faults("{\"errors\":[{\"operation\":\"*\",\"status\":401,\"rate\":1}]}");
        CompletableFuture<?> delete =
                acs.call(new Step.DeleteIdentity(leftBehind)).toFuture();
        await().until(() -> !acs.governor.outagesOfRetiring().isEmpty());

        everybodyElseIsServed();
        AcsFault turnedAway = noTokenOfTheUserLeftBehind(acs);

        assertThat(turnedAway.kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
        healthSaysThatTheRetiringOneIsAway("Denied");
        assertThat(delete).isNotDone();
        old.noFaults();
        await().until(delete::isDone);
        assertThat(delete).isCompleted();
        nothingIsAway();
    }

    @Test
    void aTokenOfAUserWhoIsLeftBehindTakesNobodyElsesAway() throws Exception {
        old.faults("{\"errors\":[{\"operation\":\"*\",\"status\":401,\"rate\":1}]}");
        assertThat(noTokenOfTheUserLeftBehind(acs).code()).isEqualTo("Denied");

        everybodyElseIsServed();
    }

    @Test
    void whoseAnIdentityIsMayBeUnknownAndIsAskedInTurnsOfTheirOwn(@TempDir Path directory) throws Exception {
        old.faults("{\"errors\":[{\"operation\":\"*\",\"status\":401,\"rate\":1}]}");
        try (AcsUnderTest fresh = AcsUnderTest.startBeside(old, directory)) {
            for (int i = 0; i < 2 * FaultClassifier.NOT_OWNED_IN_A_ROW; i++) {
                AcsFault fault = noTokenOfTheUserLeftBehind(fresh);
                assertThat(fault.kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
            }
            assertThat(fresh.governor.outage()).isEmpty();
            assertThat(fresh.governor.outagesOfRetiring()).hasSize(1);

            CompletableFuture<?> delete =
                    fresh.call(new Step.DeleteIdentity(leftBehind)).toFuture();
            old.noFaults();
            await().until(delete::isDone);
            assertThat(delete).isCompleted();
        }
    }

    @Test
    void whatTheCurrentResourceAnswersUsesUpNoAttemptsOfWhatTheRetiringOneOwes() {
        var delete = new Step.DeleteIdentity(leftBehind);
        long before = acs.calls.answered(delete);

        everybodyElseIsServed();
        assertThat(acs.calls.answered(delete)).isEqualTo(before);

        acs.call(delete).block(SOON);
        assertThat(acs.calls.answered(delete)).isEqualTo(before + 1);
    }

    private AcsFault noTokenOfTheUserLeftBehind(AcsUnderTest of) {
        Mono<?> token = of.tokens.issue(leftBehind, Set.of("chat"), 60);
        return catchThrowableOfType(AcsFault.class, () -> token.block(SOON));
    }

    private void everybodyElseIsServed() {
        AcsIdentityId user = acs.create().identityId();
        Mono<Long> tokens = Flux.range(0, MANY)
                .flatMap(i -> acs.tokens.issue(user, Set.of("chat"), 60))
                .count();
        Mono<Long> creates = Flux.range(0, MANY)
                .flatMap(i -> acs.call(new Step.CreateIdentity()))
                .count();
        assertThat(requireNonNull(Mono.zip(tokens, creates).block(SOON)).toList())
                .containsExactly((long) MANY, (long) MANY);
        assertThat(acs.governor.outage()).isEmpty();
    }

    private void healthSaysThatTheRetiringOneIsAway(String code) {
        var health = requireNonNull(acs.health.health().block(SOON));
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .extractingByKey("retiring", InstanceOfAssertFactories.list(Map.class))
                .singleElement(InstanceOfAssertFactories.map(String.class, String.class))
                .containsEntry("resource", old.host())
                .containsEntry("code", code)
                .containsKeys("reason", "since");
        assertThat(health.getDetails().toString()).doesNotContain("accesskey");
    }

    private void nothingIsAway() {
        assertThat(acs.governor.outagesOfRetiring()).isEmpty();
        var health = requireNonNull(acs.health.health().block(SOON));
        assertThat(List.copyOf(health.getDetails().keySet())).containsExactly("state");
    }
}
