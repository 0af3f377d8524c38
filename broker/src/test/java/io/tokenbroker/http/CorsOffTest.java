package io.tokenbroker.http;

import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

class CorsOffTest extends HttpEdgeFixture {

    @Test
    void unlessItIsConfiguredNoPageOfAnotherOriginIsAnswered() {
        client().options()
                .uri("/v1/users/me/tokens")
                .header("Origin", "https://app.example.com")
                .header("Access-Control-Request-Method", "POST")
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
        call(HttpMethod.GET, "/v1/users", admin())
                .header("Origin", "https://app.example.com")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
    }
}
