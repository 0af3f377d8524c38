package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient;

class TokensTest extends HttpEdgeFixture {

    @Test
    void aUserGetsATokenOfItsOwnThatNobodyKeeps() {
        given(anActiveUser("alice"));

        ask("me", user("alice"), "{\"scopes\":[\"voip\"]}")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .json("""
                        {"token":"secret-token","expiresOn":"2030-01-01T00:00:00Z","identityId":"%s","scopes":["voip"]}
                        """.formatted(IDENTITY.value()), JsonCompareMode.STRICT);
    }

    @Test
    void withoutABodyTheUsersDefaultsApply() {
        given(anActiveUser("alice2"));

        call(HttpMethod.POST, "/v1/users/me/tokens", user("alice2"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.scopes.length()")
                .isEqualTo(2);
    }

    @Test
    void unknownAndDeletedUsersAreNotFound() {
        given(aDeletedUser("gone"));

        ask("me", user("gone"), "{}").expectStatus().isNotFound();
        ask("me", user("nobody"), "{}").expectStatus().isNotFound();
    }

    @Test
    void aSuspendedUserIsForbidden() {
        given(aSuspendedUser("bob"));

        ask("me", user("bob"), "{}")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:user-suspended");
    }

    @Test
    void whileTheDirectoryCannotBeReadThereIsNoToken() {
        ask("me", user("unconfirmed"), "{}")
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "1");
    }

    @Test
    void tooManyTokensAreRefusedWithWhenToComeAgain() {
        given(anActiveUser("greedy"));

        for (int minutes = 60; minutes < 63; minutes++) {
            ask("me", user("greedy"), "{\"expiresInMinutes\":%d}".formatted(minutes))
                    .expectStatus()
                    .isOk();
        }
        ask("me", user("greedy"), "{\"expiresInMinutes\":62}").expectStatus().isOk(); // leased
        ask("me", user("greedy"), "{\"expiresInMinutes\":63}")
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .exists("Retry-After");
    }

    @Test
    void whatIsWrongWithTheRequestIsNamed() {
        given(anActiveUser("carol"));

        ask("me", user("carol"), "{\"scopes\":\"chat\",\"expiresInMinutes\":1.5}")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors.length()")
                .isEqualTo(2);
        ask("me", user("carol"), "{\"scopes\":[\"telephone\"],\"expiresInMinutes\":59}")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[?(@.field=='/scopes')].value")
                .isEqualTo("telephone");
        ask("me", user("carol"), "[]").expectStatus().isBadRequest();
        ask("me", user("carol"), "{").expectStatus().isBadRequest();
    }

    @Test
    void anAnswerWithATokenDoesNotShowItInALog() {
        var answer = new TokenJson("secret-token", Instant.EPOCH, "8:acs:x", Set.of("chat"));

        assertThat(answer.toString()).doesNotContain("secret-token");
    }

    private WebTestClient.ResponseSpec ask(String id, String token, String body) {
        return call(HttpMethod.POST, "/v1/users/" + id + "/tokens", token)
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }
}
