package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class TokenStreamTest extends HttpEdgeFixture {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    @Test
    void itBeginsWithTheUsersTokenJustAsAPlainAnswerHasIt() {
        given(anActiveUser("streaming"));

        StepVerifier.create(events("me", user("streaming"), "?scopes=voip,chat"))
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo("token");
                    assertThat(event.data()).isEqualTo("""
                            {"token":"secret-token","expiresOn":"2030-01-01T00:00:00Z","identityId":"%s",\
                            "scopes":["chat","voip"]}""".formatted(IDENTITY.value()));
                    assertThat(event.id()).as("there is nothing to resume").isNull();
                })
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void aPositionThatIsSentMeansNothingHowLongSoEver() {
        given(anActiveUser("resuming"));

        for (String position : List.of("7", "x".repeat(1024), "topic:1:42")) {
            var events = call(HttpMethod.GET, "/v1/users/me/tokens/stream", user("resuming"))
                    .header("Last-Event-ID", position)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .returnResult(EVENT)
                    .getResponseBody();
            StepVerifier.create(Objects.requireNonNull(events).filter(event -> event.event() != null))
                    .expectNextMatches(event -> "token".equals(event.event()))
                    .thenCancel()
                    .verify(SOON);
        }
    }

    @Test
    void itTellsOfASuspensionAndEndsWithADeletion() {
        given(anActiveUser("leaving"));

        StepVerifier.create(events("leaving", issuer(), "").map(event -> event.event() + " " + event.data()))
                .expectNextMatches(event -> event.startsWith("token "))
                .then(() -> given(aSuspendedUser("leaving")))
                .expectNext("suspended {\"reason\":\"\"}")
                .then(() -> given(aDeletedUser("leaving")))
                .expectNext("deleted {}")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void whoIsSuspendedHasAStreamAllTheSame() {
        given(aSuspendedUser("waiting"));

        StepVerifier.create(events("me", user("waiting"), "").map(event -> String.valueOf(event.event())))
                .expectNext("suspended")
                .then(() -> given(anActiveUser("waiting")))
                .expectNext("token")
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void thereIsNoStreamForWhomThereIsNoUser() {
        given(aDeletedUser("gone-before"));

        ask("me", user("gone-before"), "").expectStatus().isNotFound();
        ask("me", user("nobody"), "").expectStatus().isNotFound();
        ask("me", user("unconfirmed"), "").expectStatus().isEqualTo(503);
    }

    @Test
    void anothersStreamNeedsTheRole() {
        given(anActiveUser("somebody"));
        ask("somebody", user("else"), "").expectStatus().isForbidden();
        ask("somebody", writer(), "").expectStatus().isForbidden();
    }

    @Test
    void scopesThatAreNoneAreNamed() {
        given(anActiveUser("wrong"));

        ask("me", user("wrong"), "?scopes=chat,telephone")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].value")
                .isEqualTo("telephone");
        ask("me", user("wrong"), "?scopes=").expectStatus().isBadRequest();
    }

    private Flux<ServerSentEvent<String>> events(String id, String token, String query) {
        FluxExchangeResult<ServerSentEvent<String>> result =
                ask(id, token, query).expectStatus().isOk().returnResult(EVENT);
        assertThat(result.getResponseHeaders().getCacheControl()).isEqualTo("no-store, no-transform");
        return Objects.requireNonNull(result.getResponseBody()).filter(event -> event.event() != null);
    }

    private WebTestClient.ResponseSpec ask(String id, String token, String query) {
        return call(HttpMethod.GET, "/v1/users/" + id + "/tokens/stream" + query, token)
                .exchange();
    }

    private static String issuer() {
        return ISSUER.token("backend", Role.TOKENS_ISSUE);
    }
}
