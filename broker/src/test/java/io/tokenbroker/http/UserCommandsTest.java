package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

class UserCommandsTest extends HttpEdgeFixture {

    @ParameterizedTest
    @CsvSource({
        "PUT,/v1/users/alice,tokenbroker.user.created.v1",
        "DELETE,/v1/users/alice,tokenbroker.user.deleted.v1",
        "POST,/v1/users/alice/suspend,tokenbroker.user.suspended.v1",
        "POST,/v1/users/alice/resume,tokenbroker.user.resumed.v1",
        "DELETE,/v1/users/alice/tokens,tokenbroker.user.sessions-revoked.v1"
    })
    void eachCommandIsAnEventInTheLog(String method, String path, String type) {
        call(HttpMethod.valueOf(method), path, admin())
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.userId")
                .isEqualTo("alice");

        CloudEvent event = log.drafts().getFirst().event();
        assertThat(event.getType()).isEqualTo(type);
        assertThat(event.getSource()).hasToString("urn:tokenbroker:http");
        assertThat(UUID.fromString(event.getId())).isNotNull();
        assertThat(Objects.requireNonNull(event.getTime()))
                .isCloseTo(OffsetDateTime.now(java.time.ZoneOffset.UTC), Assertions.within(1, ChronoUnit.MINUTES));
        assertThat(event.getExtension("authid")).isEqualTo("admin");
        assertThat(event.getExtension("traceparent")).asString().startsWith("00-4bf9");
    }

    @Test
    void aNewUsersScopesAndLifetimeAreInTheEvent() {
        call(HttpMethod.PUT, "/v1/users/alice", writer())
                .header("Content-Type", "application/json")
                .bodyValue("{\"scopes\":[\"voip\"],\"expiresInMinutes\":90,\"colour\":\"blue\"}")
                .exchange()
                .expectStatus()
                .isAccepted();

        String data = new String(
                Objects.requireNonNull(log.drafts().getFirst().event().getData())
                        .toBytes(),
                StandardCharsets.UTF_8);
        assertThat(data).contains("\"scopes\":[\"voip\"]", "\"expiresInMinutes\":90", "\"userId\":\"alice\"");
    }

    @Test
    void whatIsWrongWithANewUserIsNamedByItsPlaceInTheBody() {
        call(HttpMethod.PUT, "/v1/users/alice", writer())
                .header("Content-Type", "application/json")
                .bodyValue("{\"scopes\":[\"telephone\"],\"expiresInMinutes\":5}")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[?(@.field=='/expiresInMinutes')].value")
                .isEqualTo("5");
        assertThat(log.drafts()).isEmpty();
    }

    @Test
    void onlyAdministratorsAdoptIdentities() {
        String body = "{\"identityId\":\"" + IDENTITY.value() + "\"}";

        put("alice", writer(), body)
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("/identityId");
        put("alice", admin(), body).expectStatus().isAccepted();
    }

    @Test
    void whoPrefersToWaitIsAnsweredWithTheEntry() {
        log.readBy((draft, position) ->
                given(entry(draft.userId().value(), Standing.ACTIVE, IDENTITY, position, Verdict.APPLIED, null)));

        waiting(HttpMethod.PUT, "respond-async, wait=10")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Preference-Applied", "wait=10")
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("active")
                .jsonPath("$.identityId")
                .isEqualTo(IDENTITY.value());
    }

    @Test
    void theAnswerWaitsUntilAcsHasNothingLeftToDo() {
        log.readBy((draft, position) -> {
            given(entry("alice", Standing.ACTIVE, null, position, Verdict.APPLIED, null));
            new Thread(() -> given(entry("alice", Standing.ACTIVE, IDENTITY, position, Verdict.APPLIED, null))).start();
        });

        waiting(HttpMethod.PUT, "wait=10")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("active");
    }

    @Test
    void aLaterRecordOfTheUserAnswersAsWell() {
        log.readBy((draft, position) -> given(entry(
                "alice",
                Standing.ACTIVE,
                IDENTITY,
                new LogPosition(position.topicId(), 0, position.offset() + 5),
                Verdict.STALE,
                null)));

        waiting(HttpMethod.PUT, "wait=10").expectStatus().isOk();
    }

    @Test
    void aStaleEventIsAConflict() {
        log.readBy(
                (draft, position) -> given(entry("alice", Standing.ACTIVE, IDENTITY, position, Verdict.STALE, null)));

        waiting(HttpMethod.DELETE, "wait=10")
                .expectStatus()
                .isEqualTo(409)
                .expectHeader()
                .valueEquals("Preference-Applied", "wait=10");
    }

    @Test
    void aRefusedEventCannotBeProcessed() {
        log.readBy((draft, position) -> given(entry("alice", Standing.ACTIVE, null, position, Verdict.REFUSED, null)));

        waiting(HttpMethod.PUT, "wait=10").expectStatus().isEqualTo(422);
    }

    @Test
    void aParkedEventCannotBeProcessedAndSaysWhy() {
        log.readBy((draft, position) -> given(entry(
                "alice",
                Standing.ACTIVE,
                null,
                position,
                Verdict.APPLIED,
                new Parked(draft.event().getId(), "ACS answered 500", Instant.EPOCH))));

        waiting(HttpMethod.PUT, "wait=10")
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains("ACS answered 500"));
    }

    @Test
    void anEventOfAUserWhoNeverWasFindsNobody() {
        log.readBy((draft, position) -> given(entry("alice", Standing.UNKNOWN, null, position, Verdict.IGNORED, null)));

        waiting(HttpMethod.DELETE, "wait=10").expectStatus().isNotFound();
    }

    @Test
    void whenTheWaitIsOverTheEventIsAcceptedAllTheSame() {
        waiting(HttpMethod.PUT, "wait=1")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals("Preference-Applied", "wait=1");
    }

    @Test
    void aPreferenceThatCannotBeMetIsIgnored() {
        waiting(HttpMethod.PUT, "wait=soon")
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .doesNotExist("Preference-Applied");
    }

    private WebTestClient.ResponseSpec waiting(HttpMethod method, String preference) {
        return call(method, "/v1/users/alice", admin())
                .header("Prefer", preference)
                .exchange();
    }

    private WebTestClient.ResponseSpec put(String id, String token, String body) {
        return call(HttpMethod.PUT, "/v1/users/" + id, token)
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }
}
