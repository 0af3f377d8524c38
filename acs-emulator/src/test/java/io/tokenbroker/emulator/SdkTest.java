package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.CommunicationIdentityAsyncClient;
import com.azure.communication.identity.models.CommunicationTokenScope;
import com.azure.communication.identity.models.GetTokenForTeamsUserOptions;
import com.azure.core.credential.AccessToken;
import com.azure.core.exception.HttpResponseException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkTest {
    private AcsEmulator emulator;
    private Caller caller;
    private CommunicationIdentityAsyncClient sdk;

    @BeforeAll
    void start() {
        emulator = AcsEmulator.start(EmulatorOptions.ephemeral());
        caller = new Caller(emulator);
        sdk = caller.sdk();
    }

    @AfterAll
    void stop() {
        emulator.close();
    }

    @Test
    void createsAnIdentityOfTheResource() {
        StepVerifier.create(sdk.createUser())
                .assertNext(user -> assertThat(user.getId())
                        .matches("8:acs:[0-9a-f-]{36}_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"))
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void createsAnIdentityWithATokenThatTheSdkCanRead() {
        StepVerifier.create(sdk.createUserAndToken(
                        List.of(CommunicationTokenScope.CHAT, CommunicationTokenScope.VOIP), Duration.ofHours(1)))
                .assertNext(created -> {
                    assertThat(created.getUser().getId()).startsWith("8:acs:");
                    assertThat(created.getUserToken().getExpiresAt())
                            .isCloseTo(OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), within(1));
                })
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void issuesTokensUntilTheIdentityIsDeleted() {
        CommunicationUserIdentifier user = sdk.createUser().blockOptional().orElseThrow();
        AccessToken token = sdk.getToken(user, List.of(CommunicationTokenScope.CHAT))
                .blockOptional()
                .orElseThrow();
        assertThat(token.getExpiresAt())
                .isCloseTo(OffsetDateTime.now(ZoneOffset.UTC).plusDays(1), within(1));
        sdk.revokeTokens(user).block();
        sdk.deleteUser(user).block();

        StepVerifier.create(sdk.getToken(user, List.of(CommunicationTokenScope.CHAT)))
                .expectErrorSatisfies(refusal -> assertThat(
                                ((HttpResponseException) refusal).getResponse().getStatusCode())
                        .isEqualTo(404))
                .verify(Duration.ofSeconds(30));
        JsonNode identity = caller.control("/emulator/identities?state=deleted")
                .path("identities")
                .valueStream()
                .filter(each -> each.path("id").asString().equals(user.getId()))
                .findFirst()
                .orElseThrow();
        assertThat(identity.path("tokensIssued").asInt()).isEqualTo(1);
        assertThat(Instant.parse(identity.path("tokensRevokedOn").asString()))
                .isBetween(
                        Instant.parse(identity.path("createdOn").asString()),
                        Instant.parse(identity.path("deletedOn").asString()));
    }

    @Test
    void exchangesATeamsUsersTokenForOneThatEndsWithIt() {
        Instant expiry = Instant.now().plus(50, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
        String entra = Caller.unsigned("{\"appid\":\"app\",\"oid\":\"anna\",\"exp\":" + expiry.getEpochSecond() + "}");

        StepVerifier.create(sdk.getTokenForTeamsUser(new GetTokenForTeamsUserOptions(entra, "app", "anna")))
                .assertNext(
                        token -> assertThat(token.getExpiresAt().toInstant()).isEqualTo(expiry))
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void letsAnEntraCredentialIn() {
        var withEntra = caller.sdkBuilder()
                .credential(request -> Mono.just(new AccessToken(
                        Caller.unsigned(
                                "{\"aud\":\"" + request.getScopes().getFirst().replace("/.default", "") + "\",\"exp\":"
                                        + Instant.now().plusSeconds(600).getEpochSecond() + "}"),
                        OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(10))))
                .buildAsyncClient();

        StepVerifier.create(withEntra.createUser())
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    private static org.assertj.core.data.TemporalUnitOffset within(int minutes) {
        return org.assertj.core.api.Assertions.within(minutes, ChronoUnit.MINUTES);
    }
}
