package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentitySuspended;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class OutcomesTest extends HttpEdgeFixture {

    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    @Test
    void aReaderSeesWhatIsAnnouncedFromNowOn() {
        feed.announce(new IdentityProvisioned("before", "8:acs:x"));

        StepVerifier.create(started(open(reader(), "", null)))
                .expectNextCount(1)
                .then(() -> feed.announce(new IdentityProvisioned("alice", "8:acs:x")))
                .assertNext(event -> {
                    assertThat(event.event()).isEqualTo(IdentityProvisioned.TYPE);
                    assertThat(event.data())
                            .contains("\"specversion\":\"1.0\"", "\"subject\":\"alice\"", "\"identityId\":\"8:acs:x\"")
                            .doesNotContain("\n");
                    assertThat(event.id()).isNotBlank();
                })
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void theAnswerIsNeitherKeptNorBufferedOnItsWay() {
        FluxExchangeResult<ServerSentEvent<String>> result = open(reader(), "", null);

        assertThat(result.getResponseHeaders().getCacheControl()).isEqualTo("no-store, no-transform");
        assertThat(result.getResponseHeaders().getFirst("X-Accel-Buffering")).isEqualTo("no");
        StepVerifier.create(result.getResponseBody())
                .expectNextCount(1)
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aClientGoesOnExactlyWhereItStopped() {
        String start = lastIdOf(open(reader(), "", null).getResponseBody());
        for (int i = 0; i < 5; i++) {
            feed.announce(new IdentityProvisioned("user-" + i, "8:acs:x"));
        }

        String second = Objects.requireNonNull(
                Objects.requireNonNull(events(reader(), "", start).elementAt(1).block(Duration.ofSeconds(10)))
                        .id());

        for (String query : List.of("?lastEventId=" + second, "?lastEventId=" + start)) {
            StepVerifier.create(events(reader(), query, query.endsWith(second) ? null : second)
                            .map(OutcomesTest::user)
                            .take(3))
                    .expectNext("user-2", "user-3", "user-4")
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void aPositionThatIsGoneIsAGapAndNotSilence() {
        String start = lastIdOf(open(reader(), "", null).getResponseBody());
        feed.announce(new IdentityProvisioned("lost", "8:acs:x"));
        feed.forget();
        feed.announce(new IdentityProvisioned("kept", "8:acs:x"));

        StepVerifier.create(events(reader(), "", start).take(2))
                .assertNext(gap -> assertThat(gap.data()).isEqualTo("{\"reason\":\"retention\"}"))
                .assertNext(event -> assertThat(user(event)).isEqualTo("kept"))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void anIdThatIsNoneOfOursIsAGapAndTheStreamGoesOn() {
        for (String garbage : List.of("garbage", Base64.getUrlEncoder().encodeToString(new byte[300]))) {
            StepVerifier.create(started(open(reader(), "", garbage)).take(3))
                    .assertNext(gap -> {
                        assertThat(gap.event()).isEqualTo("gap");
                        assertThat(gap.data()).isEqualTo("{\"reason\":\"position\"}");
                    })
                    .assertNext(started -> feed.announce(new IdentityProvisioned("alice", "8:acs:x")))
                    .assertNext(event -> assertThat(user(event)).isEqualTo("alice"))
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
        }
    }

    @Test
    void aCallerWithoutARoleSeesItsOwnEventsAlone() {
        for (String query : List.of("", "?user=me", "?user=alice")) {
            StepVerifier.create(started(open(user("alice"), query, null))
                            .map(OutcomesTest::user)
                            .take(3))
                    .expectNextCount(1)
                    .then(() -> {
                        feed.announce(new IdentityProvisioned("bob", "8:acs:x"));
                        feed.announce(new IdentityProvisioned("alice", "8:acs:x"));
                        feed.announce(new IdentityProvisioned("bob", "8:acs:x"));
                        feed.announce(new IdentitySuspended("alice", "8:acs:x"));
                    })
                    .expectNext("alice", "alice")
                    .expectComplete()
                    .verify(Duration.ofSeconds(10));
        }
        call(HttpMethod.GET, "/v1/token-events?user=me&user=bob", user("alice"))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void eventsAreFilteredByUsersAndTypes() {
        String query = "?user=a%2Fb&user=~Y2Fyb2w&type=" + IdentitySuspended.TYPE;

        StepVerifier.create(started(open(reader(), query, null))
                        .map(OutcomesTest::user)
                        .take(3))
                .expectNextCount(1)
                .then(() -> {
                    feed.announce(new IdentitySuspended("bob", "8:acs:x"));
                    feed.announce(new IdentityProvisioned("a/b", "8:acs:x"));
                    feed.announce(new IdentitySuspended("a/b", "8:acs:x"));
                    feed.announce(new IdentitySuspended("carol", "8:acs:x"));
                })
                .expectNext("a/b", "carol")
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aStreamEndsWithItsToken() {
        String shortLived = ISSUER.token(claims ->
                claims.subject("alice").expirationTime(Date.from(Instant.now().plusSeconds(8))));

        StepVerifier.create(events(shortLived, "", null).map(event -> String.valueOf(event.event())))
                .expectNext("reauth")
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    private static String reader() {
        return ISSUER.token("reader", Role.EVENTS_READ);
    }

    /** What is dispatched to a client's listeners: comments and bare ids are not. */
    private Flux<ServerSentEvent<String>> events(String token, String query, @Nullable String lastId) {
        return open(token, query, lastId).getResponseBody().filter(event -> event.event() != null);
    }

    /** The same, after a first comment that says that from here on nothing is missed. */
    private static Flux<ServerSentEvent<String>> started(FluxExchangeResult<ServerSentEvent<String>> answer) {
        return answer.getResponseBody().filter(event -> event.event() != null || "started".equals(event.comment()));
    }

    private FluxExchangeResult<ServerSentEvent<String>> open(String token, String query, @Nullable String lastId) {
        return call(HttpMethod.GET, "/v1/token-events" + query, token)
                .headers(headers -> {
                    if (lastId != null) {
                        headers.set("Last-Event-ID", lastId);
                    }
                })
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(EVENT);
    }

    private static String lastIdOf(Flux<ServerSentEvent<String>> stream) {
        return Objects.requireNonNull(stream.mapNotNull(ServerSentEvent::id).blockFirst(Duration.ofSeconds(10)));
    }

    private static String user(ServerSentEvent<String> event) {
        return String.valueOf(event.data()).replaceAll(".*\"subject\":\"([^\"]*)\".*", "$1");
    }
}
