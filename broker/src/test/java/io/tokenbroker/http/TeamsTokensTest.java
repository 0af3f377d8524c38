package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient;

class TeamsTokensTest extends HttpEdgeFixture {

    private static final String SOMEBODY = "\"appId\":\"1b5cc06b-f352-4571-b1e6-d9b259b7c776\","
            + "\"userId\":\"6c8397ae-8503-412e-b4b4-277f5ba25f53\"";

    @Test
    void anybodyExchangesATokenTheyHave() {
        exchange(user("teams-user"), "{\"token\":\"good\"," + SOMEBODY + "}")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .json("""
                        {"token":"secret-token","expiresOn":"2030-01-01T00:00:00Z"}""", JsonCompareMode.STRICT);
    }

    @Test
    void aTokenThatAcsDoesNotTakeIsRefusedAndNotShown() {
        exchange(user("teams-refused"), "{\"token\":\"forged\"," + SOMEBODY + "}")
                .expectStatus()
                .isBadRequest()
                .expectBody(String.class)
                .value(body -> assertThat(body).contains("InvalidAccessToken").doesNotContain("forged"));
    }

    @Test
    void whatIsMissingIsNamedAndTheTokenIsNeverShown() {
        exchange(user("teams-wrong"), "{\"token\":17,\"appId\":\"app\"}")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[?(@.field=='/appId')].value")
                .isEqualTo("app")
                .jsonPath("$.errors[?(@.field=='/userId')].allowed")
                .isEqualTo("a GUID")
                .jsonPath("$.errors[?(@.field=='/token')].value")
                .doesNotExist();
    }

    @Test
    void aTokenInTheWrongFieldIsNotShownEither() {
        String token = "eyJhbGciOiJSUzI1NiJ9.".repeat(5);
        exchange(user("teams-mistaken"), "{\"token\":\"good\",\"appId\":\"" + token + "\",\"userId\":\"x\"}")
                .expectStatus()
                .isBadRequest()
                .expectBody(String.class)
                .value(body -> assertThat(body).contains("/appId").doesNotContain("eyJ"));
    }

    @Test
    void oneCallerCannotUseUpTheQuota() {
        for (int i = 0; i < 3; i++) {
            exchange(user("teams-greedy"), "{\"token\":\"good\"," + SOMEBODY + "}")
                    .expectStatus()
                    .isOk();
        }
        exchange(user("teams-greedy"), "{\"token\":\"good\"," + SOMEBODY + "}")
                .expectStatus()
                .isEqualTo(429);
    }

    @Test
    void withoutAnAccessTokenNobodyExchanges() {
        client().post()
                .uri("/v1/teams/tokens")
                .header("Content-Type", "application/json")
                .bodyValue("{\"token\":\"good\"," + SOMEBODY + "}")
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void noTextFormGivesTheTokenAway() {
        assertThat(new TeamsTokensResource.TeamsTokenJson("secret-token", Instant.EPOCH).toString())
                .doesNotContain("secret-token");
    }

    private WebTestClient.ResponseSpec exchange(String token, String body) {
        return call(HttpMethod.POST, "/v1/teams/tokens", token)
                .header("Content-Type", "application/json")
                .bodyValue(body)
                .exchange();
    }
}
