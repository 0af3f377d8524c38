package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.pipeline.DeadLetters;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient;

class DirectoryTest extends HttpEdgeFixture {

    @Test
    void anEntryHasTheAgreedFieldsAndNoOthers() {
        given(entry(
                "alice",
                Standing.ACTIVE,
                IDENTITY,
                new LogPosition("t", 0, 7),
                Verdict.APPLIED,
                new Parked("event-2", "ACS answered 500", Instant.parse("2026-01-02T00:00:00Z"))));

        get("/v1/users/alice")
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                        {"userId":"alice","identityId":"%s","state":"active","scopes":["chat","voip"],"tokenEpoch":0,
                         "updatedOn":"2026-01-01T00:00:01Z",
                         "lastEvent":{"id":"event-1","source":"urn:test","type":"tokenbroker.user.created.v1",
                                      "time":"2026-01-01T00:00:00Z"},
                         "parked":{"eventId":"event-2","reason":"ACS answered 500","since":"2026-01-02T00:00:00Z"}}
                        """.formatted(IDENTITY.value()), JsonCompareMode.STRICT);
    }

    @Test
    void whatIsNotThereIsLeftOut() {
        given(aUserWithoutIdentity("alice"));

        get("/v1/users/alice")
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("provisioning")
                .jsonPath("$.identityId")
                .doesNotExist()
                .jsonPath("$.parked")
                .doesNotExist();
    }

    @Test
    void aUserWhoNeverWasIsNotFound() {
        given(entry("ghost", Standing.UNKNOWN, null, null, Verdict.IGNORED, null));

        get("/v1/users/ghost").expectStatus().isNotFound();
        get("/v1/users/nobody")
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:unknown-user");
    }

    @Test
    void nobodyIsSaidToBeUnknownWhileTheDirectoryCannotBeRead() {
        get("/v1/users/unconfirmed-1")
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .exists("Retry-After");
    }

    @Test
    void usersAreListedInTheOrderOfTheirBytesPageByPage() {
        given(anActiveUser("b"));
        given(aSuspendedUser("é"));
        given(aDeletedUser("Z"));
        given(anActiveUser("🚀"));
        given(entry("c", Standing.UNKNOWN, null, null, Verdict.IGNORED, null));

        String first = cursorOf(get("/v1/users?limit=2"), "Z", "b");
        String last = cursorOf(get("/v1/users?limit=2&cursor=" + first), "é", "🚀");
        assertThat(last).isEmpty();
    }

    @Test
    void aListMayBeOfOneState() {
        given(anActiveUser("a"));
        given(aSuspendedUser("b"));
        given(aDeletedUser("c"));

        cursorOf(get("/v1/users?state=suspended"), "b");
        cursorOf(get("/v1/users?state=deleted"), "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=1001", "limit=ten", "state=sleeping", "cursor=%21", "cursor=", "cursor=AA"})
    void aParameterOutOfItsBoundsIsNamed(String query) {
        get("/v1/users?" + query)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void deadLettersAreListedAndRedriven() {
        deadLetters.add(deadLetter(0, true));
        deadLetters.add(deadLetter(1, false));
        deadLetters.add(deadLetter(2, true));

        get("/v1/dead-letters?limit=2")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.items[0].id")
                .isEqualTo("3-0")
                .jsonPath("$.items[1].redrivable")
                .isEqualTo(false)
                .jsonPath("$.nextCursor")
                .value(
                        String.class,
                        cursor -> get("/v1/dead-letters?cursor=" + cursor)
                                .expectBody()
                                .jsonPath("$.items[0].id")
                                .isEqualTo("3-2")
                                .jsonPath("$.nextCursor")
                                .doesNotExist());
        redrive("3-0")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.appended.offset")
                .isEqualTo(1_000);
        redrive("3-1").expectStatus().isNotFound();
        redrive("3-99").expectStatus().isNotFound();
        redrive("three").expectStatus().isBadRequest();
        redrive("3-99999999999999999999").expectStatus().isBadRequest();
    }

    @Test
    void orphansAreListedByAttempt() {
        UserId alice = new UserId("alice");
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        intents.apply(alice, 1, CreateIntent.none(alice).begin("a", start).begin("b", start.plusSeconds(5)));

        get("/v1/orphans").expectStatus().isOk().expectBody().json("""
                        {"items":[{"userId":"alice","startedOn":"2026-01-01T00:00:00Z","attempt":1,"requestId":"a"},
                                  {"userId":"alice","startedOn":"2026-01-01T00:00:05Z","attempt":2,"requestId":"b"}]}
                        """, JsonCompareMode.STRICT);
    }

    private static DeadLetters.Listed deadLetter(long offset, boolean withBytes) {
        return new DeadLetters.Listed(
                new DeadLetters.Place(3, offset),
                "alice",
                "tokenbroker.user.created.v1",
                "why",
                0,
                new LogPosition("lifecycle", 3, 40 + offset),
                Instant.EPOCH,
                withBytes);
    }

    private WebTestClient.ResponseSpec get(String path) {
        return call(HttpMethod.GET, path, admin()).exchange();
    }

    private WebTestClient.ResponseSpec redrive(String place) {
        return call(HttpMethod.POST, "/v1/dead-letters/" + place + "/redrive", admin())
                .exchange();
    }

    private static String cursorOf(WebTestClient.ResponseSpec response, String... users) {
        UsersPage page = Objects.requireNonNull(response.expectStatus()
                .isOk()
                .expectBody(UsersPage.class)
                .returnResult()
                .getResponseBody());
        assertThat(page.items()).extracting(UsersPage.Item::userId).containsExactly(users);
        return Objects.requireNonNullElse(page.nextCursor(), "");
    }

    record UsersPage(
            java.util.List<Item> items,
            @org.jspecify.annotations.Nullable String nextCursor) {
        record Item(String userId) {}
    }
}
