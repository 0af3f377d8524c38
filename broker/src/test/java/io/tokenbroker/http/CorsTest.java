package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

@TestPropertySource(properties = "tokenbroker.security.cors.allowed-origins=" + CorsTest.APP + "," + CorsTest.LOCAL)
class CorsTest extends HttpEdgeFixture {

    static final String APP = "https://app.example.com";
    static final String LOCAL = "http://localhost:5173";

    @ParameterizedTest
    @ValueSource(strings = {APP, LOCAL})
    void aPreflightIsAnsweredWithoutAJwt(String origin) {
        HttpHeaders allowed = preflight(origin, "POST", "authorization,content-type,last-event-id,prefer")
                .expectStatus()
                .isOk()
                .expectBody()
                .isEmpty()
                .getResponseHeaders();

        assertThat(allowed.getAccessControlAllowOrigin()).isEqualTo(origin);
        assertThat(Set.copyOf(names(allowed, "Access-Control-Allow-Headers")))
                .isEqualTo(Set.of("authorization", "content-type", "last-event-id", "prefer"));
        assertThat(names(allowed, "Access-Control-Allow-Methods")).contains("GET", "POST", "PUT", "DELETE");
        assertThat(allowed.getAccessControlMaxAge()).isEqualTo(3600);
        assertThat(allowed.getAccessControlAllowCredentials()).isFalse();
        assertThat(allowed.getVary()).contains("Origin");
    }

    @Test
    void everyMethodThatAnOperationHasMayBeUsed() {
        for (Operation operation : Operation.values()) {
            preflight(APP, operation.method().name(), "authorization")
                    .expectStatus()
                    .isOk();
        }
    }

    @Test
    void theAnswerMayBeReadWithWhatItsHeadersSay() {
        given(anActiveUser("cors"));

        HttpHeaders headers = from(APP, HttpMethod.POST, "/v1/users/me/tokens", user("cors"))
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult()
                .getResponseHeaders();

        assertThat(headers.getAccessControlAllowOrigin()).isEqualTo(APP);
        assertThat(headers.getAccessControlExposeHeaders())
                .containsExactlyInAnyOrder("Retry-After", "Preference-Applied");
        assertThat(headers.getAccessControlAllowCredentials()).isFalse();
    }

    @Test
    void refusalsMayBeReadToo() {
        for (WebTestClient.ResponseSpec refusal : List.of(
                from(APP, HttpMethod.GET, "/v1/users", "garbage").expectStatus().isUnauthorized(),
                from(APP, HttpMethod.GET, "/v1/users", user("cors"))
                        .expectStatus()
                        .isForbidden(),
                from(APP, HttpMethod.GET, "/v1/users?access_token=x", admin())
                        .expectStatus()
                        .isBadRequest(),
                from(APP, HttpMethod.GET, "/nowhere", admin()).expectStatus().isNotFound())) {
            refusal.expectHeader().valueEquals("Access-Control-Allow-Origin", APP);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.com.evil.example",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://sub.app.example.com",
                "null"
            })
    void toAPageOfAnotherOriginNothingIsAllowed(String origin) {
        preflight(origin, "POST", "authorization")
                .expectStatus()
                .isForbidden()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:forbidden");
        from(origin, HttpMethod.GET, "/v1/users", admin())
                .expectStatus()
                .isOk()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin")
                .expectHeader()
                .valueMatches("Vary", ".*Origin.*");
    }

    @Test
    void aPreflightForWhatNoOperationNeedsIsRefused() {
        preflight(APP, "PATCH", "authorization").expectStatus().isForbidden();
        preflight(APP, "POST", "x-secret").expectStatus().isForbidden();
    }

    @Test
    void theActuatorIsForNoPage() {
        client().get()
                .uri("/actuator/health/liveness")
                .header("Origin", APP)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
    }

    private WebTestClient.ResponseSpec preflight(String origin, String method, String headers) {
        return client().options()
                .uri("/v1/users/me/tokens")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
                .exchange();
    }

    private WebTestClient.ResponseSpec from(String origin, HttpMethod method, String path, String token) {
        return call(method, path, token).header("Origin", origin).exchange();
    }

    private static Set<String> names(HttpHeaders headers, String header) {
        return new TreeSet<>(
                Arrays.asList(Objects.requireNonNull(headers.getFirst(header)).split("\\s*,\\s*", -1)));
    }
}
