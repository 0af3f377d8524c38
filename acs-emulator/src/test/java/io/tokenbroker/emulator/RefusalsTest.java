package io.tokenbroker.emulator;

import static io.tokenbroker.emulator.Caller.CREATE;
import static io.tokenbroker.emulator.Caller.EXCHANGE;
import static io.tokenbroker.emulator.Caller.ISSUE;
import static io.tokenbroker.emulator.Caller.REVOKE;
import static io.tokenbroker.emulator.Caller.errorCode;
import static io.tokenbroker.emulator.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsTest {
    private static final String SOMEONE_ELSES =
            "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000001";

    private AcsEmulator emulator;
    private Caller caller;

    @BeforeAll
    void start() {
        emulator = AcsEmulator.start(EmulatorOptions.ephemeral());
        caller = new Caller(emulator);
    }

    @AfterAll
    void stop() {
        emulator.close();
    }

    @Test
    void acceptsASignatureOverTheHostWithItsPortToo() {
        var request = caller.request("POST", CREATE, "", Instant.now(), "localhost:" + emulator.port());

        assertThat(caller.send(request).statusCode()).isEqualTo(201);
    }

    @Test
    void deniesWhoDoesNotSign() {
        var request = caller.request("POST", CREATE, "").setHeader("Authorization", "Basic cm9vdA==");

        assertDenied(caller.send(request));
    }

    @Test
    void deniesASignatureOfSomethingElse() {
        var request = caller.request("POST", CREATE, "").uri(URI.create(emulator.endpoint() + CREATE + "&more=1"));

        assertDenied(caller.send(request));
    }

    @Test
    void deniesAContentThatIsNotTheOneSigned() {
        var request = caller.request("POST", CREATE, "")
                .method("POST", java.net.http.HttpRequest.BodyPublishers.ofString("{}"));

        assertDenied(caller.send(request));
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301})
    void deniesADateMoreThanFiveMinutesOff(long seconds) {
        var request = caller.request("POST", CREATE, "", Instant.now().plusSeconds(seconds), "localhost");

        assertDenied(caller.send(request));
    }

    @Test
    void acceptsADateAlmostFiveMinutesOff() {
        var request = caller.request("POST", CREATE, "", Instant.now().minus(Duration.ofSeconds(285)), "localhost");

        assertThat(caller.send(request).statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"aud\":\"https://graph.microsoft.com\",\"exp\":9999999999}",
                "{\"aud\":\"https://communication.azure.com/\",\"exp\":1}"
            })
    void deniesABearerTokenThatIsForSomethingElseOrHasEnded(String claims) {
        var request =
                caller.request("POST", CREATE, "").setHeader("Authorization", "Bearer " + Caller.unsigned(claims));

        assertDenied(caller.send(request));
    }

    @Test
    void namesTheVersionsItSupportsWhenAskedForAnother() {
        HttpResponse<String> answer = caller.post("/identities?api-version=2019-01-01", "");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(errorCode(answer)).isEqualTo("UnsupportedApiVersion");
        assertThat(answer.body()).contains("2021-03-07, 2022-06-01, 2022-10-01, 2023-08-01, 2023-10-01, 2025-06-30");
        assertThat(answer.headers().firstValue("api-supported-versions"))
                .hasValueSatisfying(v -> assertThat(v).endsWith("2025-06-30"));
    }

    @Test
    void asksForAVersion() {
        assertThat(errorCode(caller.post("/identities", ""))).isEqualTo("ApiVersionUnspecified");
    }

    @Test
    void knowsNoTeamsUsersBefore2022() {
        assertThat(errorCode(caller.post("/teamsUser/:exchangeAccessToken?api-version=2021-03-07", "{}")))
                .isEqualTo("UnsupportedApiVersion");
    }

    @Test
    void echoesTheCallersRequestIdAndSendsWhatAcsSends() {
        var headers = caller.send(caller.request("POST", CREATE, "").header("x-ms-client-request-id", "mine"))
                .headers();

        assertThat(headers.firstValue("x-ms-client-request-id")).hasValue("mine");
        assertThat(headers.firstValue("MS-CV"))
                .hasValueSatisfying(cv -> assertThat(cv).endsWith(".0"));
        assertThat(headers.firstValue("X-Processing-Time"))
                .hasValueSatisfying(time -> assertThat(time).matches("\\d+ms"));
    }

    @Test
    void refusesAnIdentityOfAnotherResource() {
        String issue = "/identities/" + SOMEONE_ELSES + ISSUE;
        HttpResponse<String> answer = caller.post(issue, "{\"scopes\":[\"chat\"]}");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer))
                .isEqualTo(json("{\"error\":{\"code\":\"IdentityNotOwned\","
                        + "\"message\":\"Provided identity doesn't belong to the resource.\"}}"));
        assertThat(errorCode(caller.post("/identities/" + SOMEONE_ELSES + REVOKE, "")))
                .isEqualTo("IdentityNotOwned");
        assertThat(errorCode(caller.delete(SOMEONE_ELSES))).isEqualTo("IdentityNotOwned");
    }

    @Test
    void refusesEverythingForADeletedIdentity() {
        String id = caller.anIdentity();
        assertThat(caller.delete(id).statusCode()).isEqualTo(204);

        assertThat(caller.post("/identities/" + id + ISSUE, "{\"scopes\":[\"chat\"]}")
                        .body())
                .contains("Provided identity doesn't exist");
        assertThat(caller.post("/identities/" + id + REVOKE, "").statusCode()).isEqualTo(404);
        assertThat(caller.delete(id).statusCode()).isEqualTo(404);
    }

    @Test
    void takesAnIdThatIsPercentEncoded() {
        String id = caller.anIdentity().replace(":", "%3A");

        assertThat(caller.post("/identities/" + id + REVOKE, "").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2022-10-01 | chat.join", "2022-10-01 | voip.join", "2023-10-01 | pstn", "2023-10-01 | CHAT"})
    void refusesAScopeTheVersionDoesNotHave(String version, String scope) {
        String target = "/identities?api-version=" + version;
        HttpResponse<String> answer = caller.post(target, "{\"createTokenWithScopes\":[\"" + scope + "\"]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/target").asString()).isEqualTo("createTokenWithScopes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"59", "1441", "60.5", "\"60\"", "-1"})
    void refusesALifetimeOutOfBounds(String minutes) {
        String id = caller.anIdentity();
        HttpResponse<String> answer = caller.post(
                "/identities/" + id + ISSUE, "{\"scopes\":[\"chat\"],\"expiresInMinutes\":" + minutes + "}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/error/target").asString()).isEqualTo("expiresInMinutes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "1440", "null"})
    void takesALifetimeInBounds(String minutes) {
        String body = "{\"createTokenWithScopes\":[\"chat\"],\"expiresInMinutes\":" + minutes + "}";

        assertThat(caller.post(CREATE, body).statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"scopes\":[]}",
                "{\"scopes\":\"chat\"}",
                "{\"scopes\":[1]}",
                "{\"scopes\":[\"chat\"]} x"
            })
    void refusesABodyThatDoesNotSayWhatToIssue(String body) {
        String id = caller.anIdentity();

        assertThat(caller.post("/identities/" + id + ISSUE, body).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesWhatIsNotJsonByItsContentType() {
        var request = caller.request("POST", CREATE, "{}").setHeader("Content-Type", "text/plain");

        assertThat(caller.send(request).statusCode()).isEqualTo(415);
    }

    @Test
    void refusesAnotherMethodAndAnotherPath() {
        HttpResponse<String> list = caller.send(caller.request("GET", CREATE, ""));
        assertThat(list.statusCode()).isEqualTo(405);
        assertThat(list.headers().firstValue("Allow")).hasValue("POST");
        assertThat(caller.post("/users?api-version=2023-10-01", "").statusCode())
                .isEqualTo(404);
        assertThat(caller.delete("nobody").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.jwt", "expired", "otherApp", "otherUser"})
    void refusesATeamsTokenThatIsNotThisUsersForThisApp(String which) {
        long soon = Instant.now().plusSeconds(600).getEpochSecond();
        String token = switch (which) {
            case "expired" -> Caller.unsigned("{\"appid\":\"a\",\"oid\":\"u\",\"exp\":1000000000}");
            case "otherApp" -> Caller.unsigned("{\"appid\":\"b\",\"oid\":\"u\",\"exp\":" + soon + "}");
            case "otherUser" -> Caller.unsigned("{\"appid\":\"a\",\"oid\":\"v\",\"exp\":" + soon + "}");
            default -> which;
        };
        HttpResponse<String> answer =
                caller.post(EXCHANGE, "{\"token\":\"" + token + "\",\"appId\":\"a\",\"userId\":\"u\"}");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer))
                .isEqualTo(json("{\"error\":{\"code\":\"InvalidAccessToken\","
                        + "\"message\":\"Provided access token is not valid.\"}}"));
    }

    private static void assertDenied(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer))
                .isEqualTo(json("{\"error\":{\"code\":\"Denied\",\"message\":\"Denied by the resource provider.\"}}"));
    }
}
