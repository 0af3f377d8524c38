package io.tokenbroker.acs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import io.tokenbroker.tokens.TeamsSignIn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The edge over the emulator: the real SDK, real TLS, real signatures. */
class AcsEdgeTest {

    private static final AcsIdentityId NOBODYS =
            new AcsIdentityId("8:acs:1b5cc06b-f352-4571-b1e6-d9b259b7c776_00000000-0000-0000-0000-000000000001");
    private static final Duration SOON = Duration.ofSeconds(20);

    private AcsUnderTest acs;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        acs = AcsUnderTest.start(directory);
    }

    @AfterEach
    void stop() {
        acs.close();
    }

    @Test
    void anIdentityComesWithItsFirstTokenAndGoes() throws Exception {
        var step = new Step.CreateIdentityWithToken(Set.of("chat", "voip.join"), 60, 0);
        var created = (StepResult.IdentityCreated) answer(acs.call(step));
        var token = requireNonNull(created.firstToken());

        assertThat(token.scopes()).containsExactlyInAnyOrder("chat", "voip.join");
        assertThat(token.expiresOn())
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3700));
        assertThat(token.tokenId()).matches("[A-Za-z0-9_-]{43}");

        assertThat(acs.call(new Step.RevokeTokens(created.identityId(), 3)).block(SOON))
                .isEqualTo(new StepResult.TokensRevoked(created.identityId(), 3));
        assertThat(acs.identities()).isEqualTo(1);
        assertThat(acs.call(new Step.DeleteIdentity(created.identityId())).block(SOON))
                .isEqualTo(new StepResult.IdentityDeleted(created.identityId()));
        assertThat(acs.identities()).isZero();
        assertThat(acs.governor.answered()).isEqualTo(3);
    }

    @Test
    void aCallIsKnownToAcsByItsId() {
        var steps = List.of(new Step.CreateIdentity(), new Step.CreateIdentityWithToken(Set.of("chat"), 60, 0));
        for (Step step : steps) {
            acs.calls
                    .call(step, Priority.LIVE, "life-" + step.hashCode(), Mono.empty())
                    .block(SOON);
        }
        await().untilAsserted(() -> assertThat(acs.callLog())
                .extracting(line -> line.path("requestId").asString(""))
                .containsExactlyElementsOf(
                        steps.stream().map(step -> "life-" + step.hashCode()).toList()));
    }

    @Test
    void aTokenIsWhatAcsMadeOfIt() {
        AcsIdentityId identityId = acs.create().identityId();
        var token = answer(acs.tokens.issue(identityId, Set.of("voip"), 90));

        assertThat(token.value().split("\\.")).hasSize(3);
        assertThat(token.expiresOn())
                .isBetween(Instant.now().plusSeconds(5300), Instant.now().plusSeconds(5500));
        assertThat(token.toString()).doesNotContain(token.value());
    }

    @Test
    void aTeamsUsersTokenIsExchangedForOneThatEndsWithIt() {
        Instant ends = Instant.now().plusSeconds(1800);
        var token = answer(acs.tokens.exchange(teams(ends)));
        assertThat(token.value().split("\\.", -1)).hasSize(3);
        assertThat(token.expiresOn()).isBetween(ends.minusSeconds(2), ends.plusSeconds(2));
    }

    @Test
    void aTokenThatCannotBeExchangedIsItsCallersMatterAlone() {
        for (int i = 0; i < 10; i++) {
            AcsFault fault = fault(acs.tokens.exchange(teams(Instant.now().minusSeconds(60))));
            assertThat(fault.kind()).isEqualTo(AcsFault.Kind.REFUSED);
            assertThat(fault.code()).isEqualTo("InvalidAccessToken");
        }
        assertThat(acs.governor.outage()).isEmpty();
    }

    private static TeamsSignIn teams(Instant ends) {
        String app = UUID.randomUUID().toString();
        String user = UUID.randomUUID().toString();
        String claims = "{\"appid\":\"%s\",\"oid\":\"%s\",\"exp\":%d}".formatted(app, user, ends.getEpochSecond());
        var base64 = Base64.getUrlEncoder().withoutPadding();
        String jwt = base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(UTF_8)) + ".c2lnbmVk";
        return new TeamsSignIn(jwt, app, user);
    }

    @Test
    void deletingTwiceIsDeleting() {
        var delete = new Step.DeleteIdentity(acs.create().identityId());
        acs.call(delete).block(SOON);
        assertThat(acs.call(delete).block(SOON)).isInstanceOf(StepResult.IdentityDeleted.class);
        assertThat(acs.call(new Step.RevokeTokens(delete.identityId(), 1)).block(SOON))
                .isInstanceOf(StepResult.TokensRevoked.class);
    }

    @Test
    void anIdentityOfAnotherResourceIsRefused() {
        acs.create();
        AcsFault fault = fault(acs.call(new Step.DeleteIdentity(NOBODYS)));
        assertThat(fault.kind()).isEqualTo(AcsFault.Kind.REFUSED);
        assertThat(fault.code()).isEqualTo("IdentityNotOwned");
    }

    @Test
    void wrongCredentialsAreAnOutageThatEndsByItself() throws Exception {
        acs.faults("{\"errors\":[{\"operation\":\"*\",\"status\":401,\"rate\":1}]}");
        CompletableFuture<?> waiting = acs.call(new Step.CreateIdentity()).toFuture();
        await().until(() -> acs.governor.outage().isPresent());

        var health = answer(acs.health.health());
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("code", "Denied").containsKey("since");
        assertThat(fault(acs.tokens.issue(NOBODYS, Set.of("chat"), 60)).kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
        assertThat(waiting).isNotDone();

        acs.noFaults();
        await().atMost(SOON).until(waiting::isDone);
        assertThat(answer(acs.health.health()).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void aWrongKeyIsDenied(@TempDir Path directory) throws IOException {
        String other = "endpoint=https://localhost:{port}/;accesskey=d3Jvbmc=";
        try (var wrong = AcsUnderTest.start(directory, other, "2023-10-01", 10, true)) {
            var call = wrong.call(new Step.CreateIdentity()).subscribe();
            await().until(() -> wrong.governor.outage().isPresent());
            assertThat(wrong.governor.outage().orElseThrow().code()).isEqualTo("Denied");
            call.dispose();
        }
    }

    @Test
    void anApiVersionThatAcsDoesNotKnowIsAnOutageAndRefusesNobody(@TempDir Path directory) throws IOException {
        try (var future = AcsUnderTest.start(directory, null, "2099-01-01", 10, true)) {
            var call = future.call(new Step.CreateIdentity()).subscribe();
            await().until(() -> future.governor.outage().isPresent());
            assertThat(future.governor.outage().orElseThrow().code()).contains("ApiVersion");
            call.dispose();
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsNotTalkedTo(@TempDir Path directory) throws IOException {
        try (var stranger = AcsUnderTest.start(directory, null, "2023-10-01", 10, false)) {
            var call = stranger.call(new Step.CreateIdentity()).subscribe();
            await().until(() -> stranger.governor.outage().isPresent());
            assertThat(stranger.governor.outage().orElseThrow().code()).contains("SSL");
            call.dispose();
        }
    }

    @Test
    void aThrottledCallIsMadeAgainWhenAcsAsksForIt() throws Exception {
        acs.faults("{\"errors\":[{\"operation\":\"create\",\"status\":429,\"rate\":1,\"retryAfterSeconds\":5}]}");
        CompletableFuture<?> waiting = acs.call(new Step.CreateIdentity()).toFuture();
        await().until(() -> acs.counts("create").path("throttled").asInt() == 1);
        acs.noFaults();

        await().atMost(SOON).until(waiting::isDone);

        assertThat(waiting.get()).isInstanceOf(StepResult.IdentityCreated.class);
        assertThat(acs.counts("create").path("calls").asInt()).isEqualTo(2);
    }

    @Test
    void withoutAWordForHowLongAThrottledCallWaitsFiveSeconds() throws Exception {
        acs.faults("{\"errors\":[{\"operation\":\"create\",\"status\":429,\"rate\":1}]}");
        long began = System.nanoTime();
        CompletableFuture<?> waiting = acs.call(new Step.CreateIdentity()).toFuture();
        await().until(() -> acs.counts("create").path("throttled").asInt() == 1);
        acs.noFaults();

        await().atMost(SOON).until(waiting::isDone);

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void anErrorOfAcsIsTheCallersToRetryAndTheEdgeDoesNot() throws Exception {
        acs.faults("{\"errors\":[{\"operation\":\"create\",\"status\":500,\"rate\":1}]}");
        AcsFault fault = fault(acs.call(new Step.CreateIdentity()));
        assertThat(fault.kind()).isEqualTo(AcsFault.Kind.RETRIABLE);
        assertThat(acs.counts("create").path("calls").asInt()).isEqualTo(1);
    }

    @Test
    void aLostAnswerIsNotAskedForAgainAsTheWorkIsDone() throws Exception {
        acs.create(); // a connection is open, which HTTP clients like to retry on
        acs.faults("{\"dropResponses\":[{\"operation\":\"create\",\"rate\":1}]}");
        AcsFault fault = fault(acs.call(new Step.CreateIdentity()));
        assertThat(fault.kind()).isEqualTo(AcsFault.Kind.RETRIABLE);
        assertThat(acs.counts("create").path("calls").asInt()).isEqualTo(2);
        assertThat(acs.identities()).isEqualTo(2);
    }

    @Test
    void acsThatHangsIsAnOutageAfterFiveCalls() throws Exception {
        acs.faults("{\"hang\":[{\"operation\":\"*\",\"rate\":1}]}");
        Flux.range(0, 5)
                .flatMap(i -> acs.call(new Step.CreateIdentity()).onErrorResume(AcsFault.class, e -> Mono.empty()))
                .then()
                .block(SOON);
        assertThat(acs.governor.outage()).isPresent();
        // while nothing waits nothing probes, and so the call meets an ACS that answers
        acs.noFaults();
        CompletableFuture<?> waiting = acs.call(new Step.CreateIdentity()).toFuture();

        await().atMost(SOON).until(waiting::isDone);

        assertThat(acs.governor.outage()).isEmpty();
        assertThat(acs.registry.get("tokenbroker.acs.in.flight").gauge().value())
                .isZero();
    }

    @Test
    void whileNobodyListensCallsWaitAndNothingIsLost() {
        acs.stopEmulator();
        CompletableFuture<?> waiting = Flux.range(0, 20)
                .flatMap(i -> acs.call(new Step.CreateIdentity()))
                .count()
                .toFuture();
        await().until(() -> acs.governor.outage().isPresent());
        assertThat(waiting).isNotDone();

        acs.startEmulatorAgain();

        await().atMost(SOON).until(waiting::isDone);
        assertThat(waiting).isCompletedWithValueMatching(Long.valueOf(20)::equals);
    }

    @Test
    void neverMoreCallsAreInFlightThanTheBound(@TempDir Path directory) throws Exception {
        try (var narrow = AcsUnderTest.start(directory, null, "2023-10-01", 5, true)) {
            narrow.faults("{\"latencyMs\":{\"fixed\":50}}");
            Flux.range(0, 60)
                    .flatMap(i -> narrow.call(new Step.CreateIdentity()))
                    .then()
                    .block(SOON);
            assertThat(narrow.counts("create").path("highestConcurrency").asInt())
                    .isEqualTo(5);
        }
    }

    private static <T> T answer(Mono<T> call) {
        return requireNonNull(call.block(SOON));
    }

    private static AcsFault fault(Mono<?> call) {
        return catchThrowableOfType(AcsFault.class, () -> call.block(SOON));
    }
}
