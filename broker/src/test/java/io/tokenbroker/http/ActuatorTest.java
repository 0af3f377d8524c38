package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

class ActuatorTest extends HttpEdgeFixture {

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"})
    void healthIsPublicWithoutItsDetails(String path) {
        client().get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("UP")
                .jsonPath("$.components")
                .doesNotExist();
    }

    @Test
    void administratorsSeeTheDetails() {
        call(HttpMethod.GET, "/actuator/health", admin())
                .exchange()
                .expectBody()
                .jsonPath("$.components.livenessState.status")
                .isEqualTo("UP");
        call(HttpMethod.GET, "/actuator/health", user("alice"))
                .exchange()
                .expectBody()
                .jsonPath("$.components")
                .doesNotExist();
    }

    @Test
    void probesHaveShortPathsOnTheMainPort() {
        for (String path : new String[] {"/livez", "/readyz"}) {
            client().get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.status")
                    .isEqualTo("UP")
                    .jsonPath("$.components")
                    .doesNotExist();
        }
    }

    @Test
    void metricsAreOpenToTheSameHostAndElsewhereToAdministrators() {
        client().get().uri("/actuator/prometheus").exchange().expectStatus().isOk();
        forwarded(null).isUnauthorized();
        forwarded(user("alice")).isForbidden();
        forwarded(admin()).isOk();
    }

    @Test
    void nothingElseOfTheActuatorIsThere() {
        for (String path : new String[] {"/actuator/env", "/actuator/heapdump", "/actuator/shutdown"}) {
            call(HttpMethod.GET, path, admin())
                    .exchange()
                    .expectStatus()
                    .value(status -> assertThat(status).isEqualTo(404));
        }
    }

    private org.springframework.test.web.reactive.server.StatusAssertions forwarded(
            @org.jspecify.annotations.Nullable String token) {
        return client().get()
                .uri("/actuator/prometheus")
                .header("X-Forwarded-For", "203.0.113.9")
                .headers(headers -> {
                    if (token != null) {
                        headers.setBearerAuth(token);
                    }
                })
                .exchange()
                .expectStatus();
    }
}
