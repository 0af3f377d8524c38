package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static io.tokenbroker.emulator.Caller.REVOKE;
import static io.tokenbroker.emulator.Caller.errorCode;
import static io.tokenbroker.emulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    private AcsEmulator emulator;
    private Caller caller;

    @BeforeAll
    void start() {
        emulator = AcsEmulator.start(EmulatorOptions.ephemeral());
        caller = new Caller(emulator);
    }

    @AfterEach
    void heal() {
        caller.control("DELETE", "/emulator/faults", "");
    }

    @AfterAll
    void stop() {
        emulator.close();
    }

    @Test
    void answersAnErrorInsteadOfDoingTheWork() {
        caller.faults("{\"errors\":[{\"operation\":\"create\",\"status\":503,\"rate\":1}]}");
        int before = identities();

        HttpResponse<String> answer = caller.post(CREATE, "");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(errorCode(answer)).isEqualTo("ServiceUnavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(identities()).isEqualTo(before);
    }

    @Test
    void saysWhenToComeBackIfToldTo() {
        caller.faults("{\"errors\":[{\"operation\":\"*\",\"status\":429,\"rate\":1,\"retryAfterSeconds\":7}]}");

        HttpResponse<String> answer = caller.post(CREATE, "");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(errorCode(answer)).isEqualTo("TooManyRequests");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void answersAFaultOf401AsADenial() {
        caller.faults("{\"errors\":[{\"operation\":\"*\",\"status\":401,\"rate\":1}]}");

        assertThat(errorCode(caller.post(CREATE, ""))).isEqualTo("Denied");
    }

    @Test
    void strikesOnlyTheOperationItIsFor() {
        String id = caller.anIdentity();
        caller.faults("{\"errors\":[{\"operation\":\"revoke\",\"status\":500,\"rate\":1}]}");

        assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(201);
        assertThat(caller.post("/identities/" + id + REVOKE, "").statusCode()).isEqualTo(500);
    }

    @Test
    void strikesTheSameCallsForTheSameSeed() {
        String faults = "{\"seed\":7,\"errors\":[{\"operation\":\"create\",\"status\":500,\"rate\":0.5}]}";
        caller.faults(faults);
        List<Integer> first = statusesOf(12);
        caller.faults(faults);

        assertThat(statusesOf(12)).isEqualTo(first).contains(201, 500);
    }

    @Test
    void doesTheWorkAndCutsTheConnection() {
        int before = identities();
        long unanswered = unanswered("create");
        caller.faults("{\"dropResponses\":[{\"operation\":\"create\",\"rate\":1}]}");

        assertThatThrownBy(() -> caller.post(CREATE, "")).hasRootCauseInstanceOf(IOException.class);

        assertThat(identities()).isEqualTo(before + 1);
        assertThat(unanswered("create")).isEqualTo(unanswered + 1);
    }

    @Test
    void neverAnswersAndLetsGoWhenTheCallerDoes() {
        long unanswered = unanswered("delete");
        caller.faults("{\"hang\":[{\"operation\":\"delete\",\"rate\":1}]}");
        var request = caller.request("DELETE", "/identities/x?api-version=2023-10-01", "")
                .timeout(Duration.ofSeconds(3));

        assertThatThrownBy(() -> caller.send(request)).hasCauseInstanceOf(HttpTimeoutException.class);

        await().untilAsserted(() -> assertThat(unanswered("delete")).isEqualTo(unanswered + 1));
    }

    @Test
    void takesItsTime() {
        caller.faults("{\"latencyMs\":{\"fixed\":250}}");
        long began = System.nanoTime();

        assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(201);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void makesTokensShortLived() {
        caller.faults("{\"tokenLifetimeSeconds\":20}");

        var token = json(caller.post(CREATE, "{\"createTokenWithScopes\":[\"chat\"]}"));

        assertThat(OffsetDateTime.parse(token.at("/accessToken/expiresOn").asString())
                        .toInstant())
                .isBefore(Instant.now().plusSeconds(21));
    }

    @Test
    void setsQuotasOfItsOwnWhichEndWithTheFaults() {
        caller.faults("{\"quota\":{\"create\":2}}");

        assertThat(statusesOf(3)).containsExactly(201, 201, 429);
        HttpResponse<String> refused = caller.post(CREATE, "");
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 30);
        caller.control("DELETE", "/emulator/faults", "");
        assertThat(caller.post(CREATE, "").statusCode()).isEqualTo(201);
    }

    @Test
    void countsHowCallsEndedAndHowManyWereInFlight() {
        long throttled =
                caller.control("/emulator/calls").at("/exchange/throttled").asLong();
        caller.faults("{\"errors\":[{\"operation\":\"exchange\",\"status\":429,\"rate\":1}]}");

        caller.post(Caller.EXCHANGE, "{}");

        var exchange = caller.control("/emulator/calls").path("exchange");
        assertThat(exchange.path("throttled").asLong()).isEqualTo(throttled + 1);
        assertThat(exchange.path("highestConcurrency").asInt()).isEqualTo(1);
    }

    @Test
    void tellsTheFaultsInForce() {
        caller.faults("{\"latencyMs\":{\"p50\":5,\"p99\":40}}");
        assertThat(caller.control("/emulator/faults")).isEqualTo(json("{\"latencyMs\":{\"p50\":5,\"p99\":40}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"latency\":1}                                                   | latency",
                "{\"latencyMs\":{\"fixed\":1,\"p50\":1,\"p99\":2}}                 | latencyMs",
                "{\"latencyMs\":{\"p50\":9,\"p99\":2}}                             | latencyMs.p99",
                "{\"quota\":\"azur\"}                                              | quota",
                "{\"quota\":{\"create\":0}}                                        | quota.create",
                "{\"errors\":[{\"operation\":\"create\",\"status\":500,\"rate\":2}]} | errors[0].rate",
                "{\"errors\":[{\"operation\":\"make\",\"status\":500,\"rate\":1}]} | errors[0].operation",
                "{\"errors\":[{\"operation\":\"create\",\"status\":200,\"rate\":1}]} | errors[0].status",
                "{\"hang\":[{\"operation\":\"create\"}]}                           | hang[0].rate",
                "{\"dropResponses\":{}}                                            | dropResponses",
                "{\"tokenLifetimeSeconds\":0}                                      | tokenLifetimeSeconds",
                "{\"seed\":\"x\"}                                                  | seed"
            })
    void refusesFaultsItDoesNotUnderstandAndNamesTheField(String faults, String field) {
        HttpResponse<String> answer = caller.control("PUT", "/emulator/faults", faults);

        assertThat(answer.statusCode()).isEqualTo(400);
        var error = json(answer).at("/errors/0");
        assertThat(error.path("field").asString()).isEqualTo(field);
        assertThat(error.path("value").asString()).isNotEmpty();
        assertThat(error.path("allowed").asString()).isNotEmpty();
    }

    @Test
    void refusesAStateThatIdentitiesDoNotHave() {
        assertThat(caller.control("GET", "/emulator/identities?state=gone", "").statusCode())
                .isEqualTo(400);
    }

    private List<Integer> statusesOf(int calls) {
        return IntStream.range(0, calls)
                .mapToObj(i -> caller.post(CREATE, "").statusCode())
                .toList();
    }

    private int identities() {
        return caller.control("/emulator/identities").path("count").asInt();
    }

    private long unanswered(String operation) {
        return caller.control("/emulator/calls")
                .path(operation)
                .path("unanswered")
                .asLong();
    }
}
