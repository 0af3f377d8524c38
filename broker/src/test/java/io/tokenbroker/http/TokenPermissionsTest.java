package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.events.TokenExchanged;
import io.tokenbroker.events.TokenIssued;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * What a caller may ask for, and who is named for it. Here users may have chat, voip and chat.join for 12 hours, and
 * callers with {@code tokens.issue} chat, voip and voip.join for 1000 minutes.
 */
class TokenPermissionsTest extends HttpEdgeFixture {

    @Test
    void eachScopeBeyondTheCallersPermissionIsNamed() {
        given(anActiveUser("capped"));

        ask("me", user("capped"), "{\"scopes\":[\"chat\",\"voip.join\",\"chat.join.limited\"]}")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .json("""
                        {"type":"urn:tokenbroker:problem:forbidden","status":403,"errors":[
                          {"field":"/scopes","value":"chat.join.limited","allowed":"one or more of chat, chat.join, voip"},
                          {"field":"/scopes","value":"voip.join","allowed":"one or more of chat, chat.join, voip"}]}""");
        assertThat(announced.by("capped")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "59, 400, 60 to 1440 minutes",
        "1441, 400, 60 to 1440 minutes",
        "721, 403, 60 to 720 minutes",
        "1440, 403, 60 to 720 minutes"
    })
    void aLifetimeOutOfBoundsIsAMistakeAndOneBeyondThePermissionForbidden(int minutes, int status, String allowed) {
        given(anActiveUser("capped"));

        ask("me", user("capped"), "{\"expiresInMinutes\":" + minutes + "}")
                .expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.errors.length()")
                .isEqualTo(1)
                .jsonPath("$.errors[0].field")
                .isEqualTo("/expiresInMinutes")
                .jsonPath("$.errors[0].value")
                .isEqualTo(String.valueOf(minutes))
                .jsonPath("$.errors[0].allowed")
                .isEqualTo(allowed);
    }

    @Test
    void theRoleHasAPermissionOfItsOwn() {
        given(anActiveUser("served"));

        ask("served", issuer(), "{\"scopes\":[\"voip.join\"],\"expiresInMinutes\":1000}")
                .expectStatus()
                .isOk();
        ask("served", issuer(), "{\"scopes\":[\"chat.join\"],\"expiresInMinutes\":1001}")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.errors[0].allowed")
                .isEqualTo("one or more of chat, voip, voip.join")
                .jsonPath("$.errors[1].allowed")
                .isEqualTo("60 to 1000 minutes");
    }

    @Test
    void defaultsAreNarrowedAndTheAnswerSaysToWhat() {
        given(anActiveUser("narrowed", Set.of("chat", "voip.join", "chat.join.limited")));

        ask("me", user("narrowed"), "{}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.scopes")
                .isEqualTo(List.of("chat"));
        ask("narrowed", issuer(), "{}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.scopes")
                .isEqualTo(List.of("chat", "voip.join"));
    }

    @Test
    void whereNothingIsLeftOfTheDefaultsEachIsNamed() {
        given(anActiveUser("nothing-left", Set.of("voip.join")));

        for (WebTestClient.ResponseSpec refusal :
                List.of(ask("me", user("nothing-left"), "{}"), stream("me", user("nothing-left"), ""))) {
            refusal.expectStatus()
                    .isForbidden()
                    .expectBody()
                    .jsonPath("$.errors[0].value")
                    .isEqualTo("voip.join")
                    .jsonPath("$.errors[0].allowed")
                    .isEqualTo("one or more of chat, chat.join, voip");
        }
    }

    @Test
    void aStreamIsUnderTheSamePermission() {
        given(anActiveUser("streaming-capped"));

        stream("me", user("streaming-capped"), "?scopes=chat,voip.join")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:forbidden")
                .jsonPath("$.errors[0].value")
                .isEqualTo("voip.join");
        stream("me", user("streaming-capped"), "?scopes=chat,telephone")
                .expectStatus()
                .isBadRequest();
        stream("streaming-capped", issuer(), "?scopes=chat.join").expectStatus().isForbidden();
        assertThat(firstOf(stream("streaming-capped", issuer(), "?scopes=voip.join")))
                .contains("event:token")
                .contains("\"scopes\":[\"voip.join\"]");
    }

    @Test
    void whoeverAsksIsNamedInWhatIsAnnounced() {
        given(anActiveUser("audited"));

        ask("audited", ISSUER.token("audit-backend", Role.TOKENS_ISSUE), "{\"scopes\":[\"voip\"]}")
                .expectStatus()
                .isOk();
        ask("me", user("audited"), "{\"scopes\":[\"chat\"]}").expectStatus().isOk();
        firstOf(stream("me", user("audited"), "?scopes=chat.join"));

        assertThat(announced.by("audit-backend"))
                .singleElement()
                .satisfies(outcome ->
                        assertThat(((TokenIssued) outcome.event()).userId()).isEqualTo("audited"));
        assertThat(announced.by("audited"))
                .extracting(outcome -> ((TokenIssued) outcome.event()).scopes())
                .containsExactly(Set.of("chat"), Set.of("chat.join"));
    }

    @Test
    void whoeverExchangesIsNamedToo() {
        call(HttpMethod.POST, "/v1/teams/tokens", user("audited-teams"))
                .header("Content-Type", "application/json")
                .bodyValue("""
                        {"token":"good","appId":"1b5cc06b-f352-4571-b1e6-d9b259b7c776",\
                        "userId":"6c8397ae-8503-412e-b4b4-277f5ba25f53"}""")
                .exchange()
                .expectStatus()
                .isOk();

        assertThat(announced.by("audited-teams"))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.event()).isInstanceOf(TokenExchanged.class));
    }

    @Test
    void whoeverRevokesIsNamedInTheEventThatIsWritten() {
        call(HttpMethod.DELETE, "/v1/users/audited/tokens", ISSUER.token("audit-admin", Role.USERS_ADMIN))
                .exchange()
                .expectStatus()
                .isAccepted();

        assertThat(log.drafts())
                .singleElement()
                .satisfies(draft ->
                        assertThat(draft.event().getExtension("authid")).isEqualTo("audit-admin"));
    }

    private static DirectoryEntry anActiveUser(String userId, Set<String> scopes) {
        DirectoryEntry like = anActiveUser(userId);
        return new DirectoryEntry(
                like.userId(),
                like.standing(),
                like.identityId(),
                List.of(),
                new TreeSet<>(scopes),
                null,
                false,
                0,
                0,
                null,
                like.standing(),
                List.of(),
                null,
                like.lastVerdict(),
                like.lastEvent(),
                null,
                like.updatedOn(),
                null,
                null);
    }

    private WebTestClient.ResponseSpec ask(String id, String token, String body) {
        return call(HttpMethod.POST, "/v1/users/" + id + "/tokens", token)
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.ResponseSpec stream(String id, String token, String query) {
        return call(HttpMethod.GET, "/v1/users/" + id + "/tokens/stream" + query, token)
                .exchange();
    }

    private static String firstOf(WebTestClient.ResponseSpec stream) {
        var content = stream.expectStatus().isOk().returnResult(byte[].class).getResponseBody();
        return Objects.requireNonNull(Objects.requireNonNull(content)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .filter(text -> text.contains("event:token"))
                .blockFirst(Duration.ofSeconds(10)));
    }

    private static String issuer() {
        return ISSUER.token("backend", Role.TOKENS_ISSUE);
    }
}
