package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplaysTest extends HttpEdgeFixture {

    @Autowired
    InMemoryReplays replays;

    @AfterEach
    void endAll() {
        replays.endAll();
    }

    private static String operator() {
        return ISSUER.token("operator", Role.REPLAY);
    }

    private WebTestClient.ResponseSpec start(String body) {
        return call(HttpMethod.POST, "/v1/replays", operator())
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private JsonNode started(String body) {
        return json(start(body).expectStatus().isAccepted());
    }

    private static JsonNode json(WebTestClient.ResponseSpec answer) {
        return JsonMapper.shared()
                .readTree(answer.expectBody(String.class).returnResult().getResponseBody());
    }

    private WebTestClient.ResponseSpec control(String job, String verb) {
        return call(HttpMethod.POST, "/v1/replays/" + job + "/" + verb, operator())
                .exchange();
    }

    @Test
    void aReplayIsStartedListedAndShown() {
        JsonNode job = started("{\"from\":\"earliest\",\"dryRun\":true,\"filter\":{\"prefix\":\"a\"}}");

        assertThat(job.path("state").asString()).isEqualTo("scanning");
        assertThat(job.path("mode").asString()).isEqualTo("provision");
        assertThat(job.path("dryRun").asBoolean()).isTrue();
        assertThat(job.path("startedBy").asString()).isEqualTo("operator");
        assertThat(job.at("/range/partitions/0/to").asInt()).isEqualTo(100);
        String path = "/v1/replays/" + job.path("id").asString();
        assertThat(json(call(HttpMethod.GET, path, operator()).exchange())).isEqualTo(job);
        assertThat(json(call(HttpMethod.GET, "/v1/replays", operator()).exchange())
                        .at("/items/0"))
                .isEqualTo(job);
    }

    @Test
    void aRedriveReadsTheDeadLettersFromTheFirstUnlessItIsToldOtherwise() {
        JsonNode job = started("{\"mode\":\"redrive\",\"filter\":{\"reason\":\"ACS\",\"users\":[\"alice\"]}}");

        assertThat(job.path("mode").asString()).isEqualTo("redrive");
        assertThat(job.at("/range/topicId").asString()).isEqualTo("dead-letters-1");
        assertThat(job.at("/range/partitions/0/to").asInt()).isEqualTo(7);
    }

    @Test
    void theRoleIsNeeded() {
        call(HttpMethod.POST, "/v1/replays", admin()).exchange().expectStatus().isForbidden();
        call(HttpMethod.GET, "/v1/replays", user("alice"))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                             | /from",
                "{\"mode\":\"undo\",\"from\":\"earliest\"}      | /mode",
                "{\"from\":\"yesterday\"}                       | /from",
                "{\"from\":{\"offsets\":{}}}                    | /from/offsets",
                "{\"from\":{\"offsets\":{\"0\":-1}}}            | /from/offsets/0",
                "{\"from\":{\"offsets\":{\"0\":1000}}}          | /from/offsets/0",
                "{\"from\":\"earliest\",\"to\":7}               | /to",
                "{\"from\":\"earliest\",\"dryrun\":true}        | /dryrun",
                "{\"from\":\"earliest\",\"dryRun\":\"yes\"}     | /dryRun",
                "{\"from\":\"earliest\",\"filter\":{}}          | /filter",
                "{\"from\":\"earliest\",\"filter\":{\"users\":[]}} | /filter/users",
                "{\"from\":\"earliest\",\"filter\":{\"users\":[\"\"]}} | /filter/users/0",
                "{\"mode\":\"rebuild\",\"from\":\"earliest\"}   | /from",
                "{\"mode\":\"redrive\",\"withTokens\":true}    | /withTokens",
                "{\"mode\":\"redrive\",\"acceptGap\":true}     | /acceptGap",
                "{\"mode\":\"redrive\",\"filter\":{\"reason\":\"\"}} | /filter/reason",
                "{\"mode\":\"redrive\",\"filter\":{\"type\":7}}  | /filter/type",
                "{\"from\":\"earliest\",\"filter\":{\"reason\":\"a\"}} | /filter/reason",
            })
    void whatIsWrongIsNamed(String body, String field) {
        JsonNode problem = json(start(body.strip()).expectStatus().isBadRequest());

        assertThat(problem.path("type").asString()).isEqualTo(ProblemType.INVALID_REQUEST.uri());
        assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(problem.at("/errors/0/allowed").asString()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10000, 202", "10001, 400"})
    void aFilterNamesTenThousandUsersAtMost(int users, int status) {
        String ids =
                IntStream.range(0, users).mapToObj(i -> "\"user-" + i + "\"").collect(Collectors.joining(","));

        JsonNode answer = json(start("{\"from\":\"earliest\",\"filter\":{\"users\":[" + ids + "]}}")
                .expectStatus()
                .isEqualTo(status));

        if (status == 400) {
            assertThat(answer.at("/errors/0/field").asString()).isEqualTo("/filter/users");
            assertThat(answer.at("/errors/0/value").asString()).isEqualTo("10001 user ids");
            assertThat(answer.at("/errors/0/allowed").asString()).isEqualTo("1 to 10000 user ids");
        }
    }

    @Test
    void aGapIsToldAndMayBeAccepted() {
        String from = "\"from\":\"" + InMemoryReplays.TOO_EARLY + "\"";

        JsonNode problem = json(start("{" + from + "}").expectStatus().isEqualTo(409));

        assertThat(problem.path("type").asString()).isEqualTo(ProblemType.RETENTION_GAP.uri());
        assertThat(problem.path("detail").asString()).contains("partition 0 begins at 10", "acceptGap");
        started("{" + from + ",\"acceptGap\":true}");
    }

    @Test
    void oneJobOfAModeIsNotOverAtATime() {
        JsonNode first = started("{\"from\":\"earliest\"}");

        JsonNode problem = json(start("{\"from\":\"earliest\"}").expectStatus().isEqualTo(409));

        assertThat(problem.path("detail").asString()).contains(first.path("id").asString());
        started("{\"mode\":\"rebuild\"}");
    }

    @Test
    void aJobIsPausedOnceAndResumedOnlyThen() {
        String job = started("{\"from\":\"earliest\"}").path("id").asString();

        control(job, "resume").expectStatus().isEqualTo(409);
        control(job, "pause").expectStatus().isOk();
        JsonNode problem = json(control(job, "pause").expectStatus().isEqualTo(409));
        control(job, "resume").expectStatus().isOk();

        assertThat(problem.path("detail").asString()).contains("paused already");
    }

    @Test
    void anUnknownJobIsSaidToBeSo() {
        for (String verb : new String[] {"pause", "resume", "cancel"}) {
            control("none", verb).expectStatus().isNotFound();
        }
        JsonNode problem = json(call(HttpMethod.GET, "/v1/replays/none/progress", operator())
                .exchange()
                .expectStatus()
                .isNotFound());
        assertThat(problem.path("type").asString()).isEqualTo(ProblemType.UNKNOWN_REPLAY.uri());
    }

    @Test
    void progressIsStreamed() {
        String job = started("{\"from\":\"earliest\"}").path("id").asString();

        String first = call(HttpMethod.GET, "/v1/replays/" + job + "/progress", operator())
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(String.class)
                .getResponseBody()
                .filter(data -> data.contains("state"))
                .blockFirst(Duration.ofSeconds(10));

        assertThat(first).contains("\"state\":\"scanning\"", "\"done\":0");
    }
}
