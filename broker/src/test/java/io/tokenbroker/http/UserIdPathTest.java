package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

class UserIdPathTest extends HttpEdgeFixture {

    private static final String BOTH = ISSUER.token("both", Role.USERS_ADMIN, Role.EVENTS_WRITE, Role.TOKENS_ISSUE);

    static Stream<Arguments> idsInEveryPath() {
        return Stream.of(
                        "a/b",
                        "100%",
                        "a%2Fb",
                        "a:b",
                        "a;b=c",
                        "🚀",
                        "~x",
                        "..",
                        "a b",
                        "x".repeat(256),
                        "🚀".repeat(256))
                .flatMap(id -> Stream.of(UserIdCodec.toSegment(new UserId(id)), secondForm(id))
                        .distinct()
                        .map(segment -> Arguments.of(id, segment)));
    }

    @ParameterizedTest
    @MethodSource("idsInEveryPath")
    void everyPathReachesTheUserItNames(String id, String segment) {
        given(anActiveUser(id));
        given(anActiveUser("a"));
        given(anActiveUser("b"));

        for (Operation operation : Operation.values()) {
            if (operation.template().namesUser()) {
                String path = operation.template().text().replace("{id}", segment);
                call(operation.method(), path, BOTH).exchange().expectStatus().is2xxSuccessful();
            }
        }

        assertThat(log.drafts()).hasSize(5).allSatisfy(draft -> {
            assertThat(draft.userId().value()).isEqualTo(id);
            assertThat(draft.event().getSubject()).isEqualTo(id);
        });
        call(HttpMethod.GET, "/v1/users/" + segment, BOTH)
                .exchange()
                .expectBody()
                .jsonPath("$.userId")
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2Fb", "a;b", "a%3Bb", "100%25", "a%5Cb", "%2E", "%2e%2E"})
    void anIdThatNeedsTheSecondFormIsRefusedWithHowToWriteIt(String segment) {
        for (Operation operation : Operation.values()) {
            if (operation.template().namesUser()) {
                String path = operation.template().text().replace("{id}", segment);
                call(operation.method(), path, BOTH)
                        .exchange()
                        .expectStatus()
                        .isBadRequest()
                        .expectHeader()
                        .contentType("application/problem+json")
                        .expectBody()
                        .jsonPath("$.detail")
                        .value(String.class, detail -> assertThat(detail).contains("base64url"));
            }
        }
        assertThat(log.drafts()).isEmpty();
    }

    static Stream<String> segmentsOfNoId() {
        return Stream.of(
                "",
                "%00",
                "%0D%0A",
                "%C2%85",
                "%E2%80%AE",
                "%FF",
                "~",
                "~%",
                "~" + "!",
                "x".repeat(257),
                secondForm("🚀".repeat(257)),
                secondForm("a\nb"));
    }

    @ParameterizedTest
    @MethodSource("segmentsOfNoId")
    void whatIsNoIdIsRefusedByEveryPath(String segment) {
        for (Operation operation : Operation.values()) {
            if (operation.template().namesUser()) {
                String path = operation.template().text().replace("{id}", segment.equals("~%") ? "~%25" : segment);
                call(operation.method(), path, BOTH)
                        .exchange()
                        .expectStatus()
                        .isBadRequest()
                        .expectHeader()
                        .contentType("application/problem+json");
            }
        }
        assertThat(log.drafts()).isEmpty();
    }

    @Test
    void meIsTheCaller() {
        given(anActiveUser("carol"));

        call(HttpMethod.DELETE, "/v1/users/me/tokens", user("carol"))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.userId")
                .isEqualTo("carol");
    }

    private static String secondForm(String id) {
        return "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }
}
