package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

class ErrorContractTest extends HttpEdgeFixture {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/v2/users", "/v1/users/", "/v1/users/a/b", "/v1/events/", "/v1/users;x/a", "/actuator"})
    void anUnknownPathIsAProblem(String path) {
        call(HttpMethod.GET, path, admin())
                .exchange()
                .expectStatus()
                .value(status -> assertThat(status).isIn(404, 400))
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.type")
                .value(String.class, type -> assertThat(type).startsWith("urn:tokenbroker:problem:"))
                .jsonPath("$.trace")
                .doesNotExist();
    }

    @Test
    void anotherMethodIsRefusedWithThoseThereAre() {
        call(HttpMethod.PATCH, "/v1/users/alice", admin())
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "DELETE, GET, PUT")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:method-not-allowed");
    }

    @Test
    void aMethodNobodyKnowsIsAProblem() {
        call(HttpMethod.valueOf("BREW"), "/v1/users", admin())
                .exchange()
                .expectStatus()
                .is4xxClientError()
                .expectHeader()
                .contentType("application/problem+json");
    }

    @Test
    void aProblemHasItsFourMembersAndIsNotCached() {
        call(HttpMethod.GET, "/v1/users/nobody", admin())
                .exchange()
                .expectHeader()
                .valueEquals("Cache-Control", "no-store")
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:unknown-user")
                .jsonPath("$.title")
                .isEqualTo("There is no such user")
                .jsonPath("$.status")
                .isEqualTo(404)
                .jsonPath("$.detail")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/users/100%", "/v1/users/a|b", "/v1/users/%zz", "/v1/users/a\\b", "/v1/users/{id}"})
    void aPathThatIsNoUriIsAProblemAsWell(String path) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json", "base64url");
        }
    }

    @Test
    void aFaultOfOurOwnTellsTheCallerNothing() {
        Problem problem = Problems.of(new IllegalStateException("password=hunter2"));

        assertThat(problem.type()).isEqualTo(ProblemType.INTERNAL);
        assertThat(problem.detail()).doesNotContain("hunter2");
    }
}
