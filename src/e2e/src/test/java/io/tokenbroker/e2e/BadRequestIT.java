package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP callers may send that cannot be taken in. */
@Timeout(180)
class BadRequestIT {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;

    private static Stack stack;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(BadRequestIT.class, "--quota=none");
        admin = stack.admin(stack.broker(Stack.NO_QUOTA));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void anEventThatIsNotValidIsRefusedNamingEachFieldAndWhatIsAllowed() {
        assertRefused(
                "{\"specversion\":\"1.0\",\"type\":\"tokenbroker.user.created.v1\",\"subject\":\"x\"}", "id", "source");
        assertRefused(UserEvent.of("tokenbroker.user.renamed.v1", "x").structuredJson(), "type");
        assertRefused(UserEvent.of("com.example.renamed", "x").structuredJson(), "type");
        assertRefused(
                UserEvent.of("tokenbroker.user.reconcile-requested.v1", "x").structuredJson(), "type", "/data");
        assertRefused(
                UserEvent.created("x")
                        .withData("{\"scopes\":[\"telepathy\"],\"expiresInMinutes\":1}")
                        .structuredJson(),
                "/data/scopes/0",
                "/data/expiresInMinutes");
        assertRefused(UserEvent.created("x".repeat(257)).structuredJson(), "subject");
        assertRefused(UserEvent.created("tab\there").structuredJson(), "subject");
        assertRefused(UserEvent.created("x").structuredJson().replace("/upstream", "urn:tokenbroker:http"), "source");
        assertRefused("[]", "");
    }

    @Test
    void whatIsNotJsonIsRefusedWithThePlace() {
        var answer = admin.publish(STRUCTURED, "{\"specversion\":\n  oops}").expect(BAD_REQUEST);

        assertThat(answer.text("type")).isEqualTo("urn:tokenbroker:problem:malformed-json");
        assertThat(answer.text("detail")).contains("line 2");
    }

    @Test
    void otherContentTypesAreRefusedNamingTheAllowedOnes() {
        for (String type : List.of("text/plain", "application/xml", "application/cloudevents+avro")) {
            var answer =
                    admin.publish(type, UserEvent.created("x").structuredJson()).expect(UNSUPPORTED);

            assertThat(answer.text("detail")).contains(STRUCTURED).contains(BATCH);
        }
        assertThat(admin.send("PUT", BrokerApi.user("x"), Map.of("Content-Type", "text/plain"), "{}")
                        .status())
                .isEqualTo(UNSUPPORTED);
    }

    @Test
    void bodiesOfTwoMegabytesAreRefusedHoweverTheyAreSent() throws IOException {
        byte[] body = ("{\"x\":\"" + "x".repeat(2 << 20) + "\"}").getBytes(UTF_8);

        assertThat(publish(BodyPublishers.ofByteArray(body)).status()).isEqualTo(TOO_LARGE);
        // without a length, in chunks
        assertThat(publish(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                        .status())
                .isEqualTo(TOO_LARGE);
        admin.createAndWait("after-the-large-one");
    }

    private static Http.Answer publish(BodyPublisher body) throws IOException {
        return Http.send(
                admin.request("/v1/events").header("Content-Type", STRUCTURED).POST(body));
    }

    @Test
    void ofABatchWithOneBrokenEventNothingIsTakenIn() {
        List<String> users = IntStream.range(0, 20).mapToObj(i -> "batch-" + i).toList();
        String broken = UserEvent.created("batch-x")
                .withData("{\"scopes\":[\"telepathy\"]}")
                .structuredJson();
        String batch = batch(
                Stream.concat(users.stream().map(user -> UserEvent.created(user).structuredJson()), Stream.of(broken)));

        var answer = admin.publish(BATCH, batch).expect(BAD_REQUEST);

        assertThat(fields(answer)).containsExactly("/20/data/scopes/0");
        admin.createAndWait("batch-after");
        assertThat(LifecycleLog.read(stack.kafka()).users())
                .contains("batch-after")
                .doesNotContainAnyElementsOf(users);
    }

    @Test
    void aBatchOfGoodEventsIsTakenInWhole() {
        List<String> users = IntStream.range(0, 20).mapToObj(i -> "good-" + i).toList();

        var answer = admin.publish(
                        BATCH,
                        batch(users.stream().map(user -> UserEvent.created(user).structuredJson())))
                .expect(BrokerApi.ACCEPTED);

        assertThat(StreamSupport.stream(answer.json().path("accepted").spliterator(), false)
                        .map(one -> one.path("userId").asString("")))
                .containsExactlyElementsOf(users);
        assertThat(LifecycleLog.read(stack.kafka()).users()).containsAll(users);
    }

    @Test
    void aBatchOfMoreThanAThousandEventsIsRefused() {
        Stream<String> events = IntStream.range(0, 1_001)
                .mapToObj(i -> UserEvent.created("many-" + i).structuredJson());

        var answer = admin.publish(BATCH, batch(events)).expect(BAD_REQUEST);

        assertThat(answer.json().at("/errors/0/allowed").asString("")).contains("1000");
    }

    @Test
    void aTokenThatCannotBeIsRefusedNamingEachField() {
        admin.createAndWait("picky");

        var answer = admin.token("picky", "{\"scopes\":[\"telepathy\"],\"expiresInMinutes\":1441}")
                .expect(BAD_REQUEST);

        assertThat(fields(answer)).containsExactlyInAnyOrder("/scopes", "/expiresInMinutes");
        assertThat(answer.body()).contains("chat.join.limited").contains("60 to 1440");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "50%",
                "%2F",
                "a;b=c",
                "back\\slash",
                "..",
                "~tilde",
                "x:y",
                "🦊 emoji",
                "plus+and space",
                "q?a=b&c#d"
            })
    void anIdWithAnythingInItTakesEveryPath(String odd) {
        String id = odd.equals("..") ? odd : odd + UUID.randomUUID();
        String path = BrokerApi.user(id);

        String identity = admin.createAndWait(id).text("identityId");

        assertThat(admin.get(id).text("userId")).isEqualTo(id);
        assertThat(admin.token(id).expect(BrokerApi.OK).text("identityId")).isEqualTo(identity);
        assertThat(admin.doAndWait(id, "suspend").text("state")).isEqualTo("suspended");
        assertThat(admin.token(id).status()).isEqualTo(BrokerApi.FORBIDDEN);
        assertThat(admin.doAndWait(id, "resume").text("state")).isEqualTo("active");
        admin.revokeAndWait(id);
        if (needsSecondForm(id)) {
            admin.send("GET", percentEncoded(id), Map.of()).expect(BAD_REQUEST);
        } else {
            assertThat(admin.send("GET", percentEncoded(id), Map.of())
                            .expect(BrokerApi.OK)
                            .text("identityId"))
                    .isEqualTo(identity);
        }
        assertThat(admin.deleteAndWait(id).text("state")).isEqualTo("deleted");
        assertThat(admin.token(id).status()).isEqualTo(BrokerApi.NOT_FOUND);
        try (EventStream stream = EventStream.open(
                admin, "/v1/token-events?user=" + path.substring(path.indexOf('~')) + "&lastEventId=nonsense", "")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !stream.gaps().isEmpty());
        }
        assertThat(stack.emulator().ledger().identity(identity).deleted()).isTrue();
    }

    /** Regression: reactor/reactor-netty#4361. */
    @Test
    void aConnectionOnWhichARequestFollowsBeforeTheAnswerIsDoneWithIsReadOn() throws IOException {
        String path = BrokerApi.user("kept-alive");
        try (KeptConnection connection = new KeptConnection(admin.address(), Duration.ofSeconds(10))) {
            for (int round = 0; round < 5; round++) {
                connection.write(
                        connection.request("PUT", path, admin.authorization(), "Prefer: wait=10"),
                        connection.request("GET", path, admin.authorization()));
                assertThat(connection.status()).isEqualTo(BrokerApi.OK);
                assertThat(connection.status()).isEqualTo(BrokerApi.OK);

                connection.write(connection.request("GET", path, admin.authorization()));

                assertThat(connection.status()).isEqualTo(BrokerApi.OK);
            }
        }
    }

    @Test
    void aCallWithoutATokenOrWithoutTheRoleIsRefused() throws IOException {
        BrokerApi nobody = new BrokerApi(admin.address(), "no.jwt.atall");

        assertThat(nobody.get("x").status()).isEqualTo(401);
        BrokerApi ann = stack.user(admin.address(), "ann");
        assertThat(ann.get("x").status()).isEqualTo(BrokerApi.FORBIDDEN);
        assertThat(ann.token("somebody-else").status()).isEqualTo(BrokerApi.FORBIDDEN);
        assertThat(ann.publish(STRUCTURED, UserEvent.created("x").structuredJson())
                        .status())
                .isEqualTo(BrokerApi.FORBIDDEN);
    }

    private static boolean needsSecondForm(String id) {
        return id.equals("..")
                || id.startsWith("~")
                || Stream.of("/", "\\", ";", "%").anyMatch(id::contains);
    }

    private static String percentEncoded(String id) {
        return "/v1/users/" + URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }

    private static String batch(Stream<String> events) {
        return events.collect(Collectors.joining(",", "[", "]"));
    }

    private static void assertRefused(String event, String... fields) {
        var answer = admin.publish(STRUCTURED, event).expect(BAD_REQUEST);

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.text("type")).isEqualTo("urn:tokenbroker:problem:invalid-event");
        assertThat(fields(answer)).containsExactlyInAnyOrder(fields);
        assertThat(answer.json().path("errors"))
                .allSatisfy(
                        error -> assertThat(error.path("allowed").asString("")).isNotEmpty());
    }

    private static List<String> fields(Http.Answer answer) {
        return StreamSupport.stream(answer.json().path("errors").spliterator(), false)
                .map(error -> error.path("field").asString(""))
                .toList();
    }
}
