package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.LifecycleLog;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;

class EventsTest extends HttpEdgeFixture {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    @Test
    void aStructuredEventIsAcceptedOnceItIsInTheLog() {
        publish(STRUCTURED, created("e1", "alice", "{\"scopes\":[\"chat\"]}"))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .json("{\"accepted\":[{\"eventId\":\"e1\",\"userId\":\"alice\"}]}");

        LifecycleLog.Draft draft = log.drafts().getFirst();
        assertThat(draft.userId().value()).isEqualTo("alice");
        assertThat(data(draft.event())).isEqualTo("{\"scopes\":[\"chat\"]}");
    }

    @Test
    void aBinaryEventKeepsItsAttributesAndItsBytes() {
        call(HttpMethod.POST, "/v1/events", writer())
                .header("ce-specversion", "1.0")
                .header("ce-id", "e1")
                .header("ce-source", "urn:hr")
                .header("ce-type", "tokenbroker.user.created.v1")
                .header("ce-subject", "%F0%9F%9A%80+%20b")
                .header("ce-traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .header("ce-tenant", "blue")
                .header("Content-Type", "application/json")
                .bodyValue("{ \"scopes\" : [\"voip\"] }")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.accepted[0].userId")
                .isEqualTo("🚀+ b");

        CloudEvent event = log.drafts().getFirst().event();
        assertThat(event.getExtension("tenant")).isEqualTo("blue");
        assertThat(event.getExtension("traceparent")).asString().startsWith("00-4bf9");
        assertThat(data(event)).isEqualTo("{ \"scopes\" : [\"voip\"] }");
    }

    @Test
    void aBatchIsAcceptedInItsOrder() {
        String batch = IntStream.range(0, 1_000)
                .mapToObj(i -> event("e" + i, "tokenbroker.user.suspended.v1", "u" + i))
                .collect(Collectors.joining(",", "[", "]"));

        publish(BATCH, batch)
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.accepted.length()")
                .isEqualTo(1_000)
                .jsonPath("$.accepted[999].eventId")
                .isEqualTo("e999");
        assertThat(log.drafts()).hasSize(1_000);
    }

    @Test
    void oneWrongEventRefusesTheWholeBatchAndIsPointedAt() {
        String batch = "[" + event("e0", "tokenbroker.user.suspended.v1", "a") + ","
                + created("e1", "b", "{\"scopes\":[\"telephone\"],\"expiresInMinutes\":1}") + ","
                + "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"urn:hr\",\"type\":\"x\",\"time\":\"noon\"}"
                + ",7]";

        publish(BATCH, batch)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:invalid-event")
                .jsonPath("$.errors[?(@.field=='/2/id')].allowed")
                .isNotEmpty()
                .jsonPath("$.errors[?(@.field=='/2/time')].value")
                .isEqualTo("noon")
                .jsonPath("$.errors[?(@.field=='/3')].allowed")
                .isEqualTo("a JSON object");
        publish(BATCH, "[" + created("e1", "b", "{\"scopes\":[\"telephone\"]}") + "]")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .value(String.class, field -> assertThat(field).startsWith("/0/data/scopes"));
        assertThat(log.drafts()).isEmpty();
    }

    @Test
    void aBatchOf1001IsRefused() {
        String batch = IntStream.range(0, 1_001)
                .mapToObj(i -> event("e" + i, "tokenbroker.user.suspended.v1", "u"))
                .collect(Collectors.joining(",", "[", "]"));

        publish(BATCH, batch)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].value")
                .isEqualTo("1001 events");
    }

    @Test
    void aForeignTypeIsRefusedWithTheTypesThereAre() {
        publish(STRUCTURED, event("e1", "com.example.login", "alice"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("type")
                .jsonPath("$.errors[0].allowed")
                .value(String.class, allowed -> assertThat(allowed).contains("tokenbroker.user.created.v1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenbroker.user.reconcile-requested.v1", "tokenbroker.user.renamed.v1"})
    void whatOnlyTheBrokerWritesOrNobodyKnowsIsRefused(String type) {
        publish(STRUCTURED, event("e1", type, "alice")).expectStatus().isBadRequest();
        assertThat(log.drafts()).isEmpty();
    }

    @Test
    void theBrokersOwnSourceIsReserved() {
        publish(
                        STRUCTURED,
                        event("e1", "tokenbroker.user.deleted.v1", "alice").replace("urn:hr", "urn:tokenbroker:http"))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("source");
    }

    @Test
    void whoAskedIsTakenFromTheTokenAlone() {
        String forged = event("e1", "tokenbroker.user.deleted.v1", "alice")
                .replace("{", "{\"authid\":\"ceo\",\"authtype\":\"system\",\"authclaims\":\"all\",\"note\":\"kept\",");

        publish(STRUCTURED, forged).expectStatus().isAccepted();

        CloudEvent event = log.drafts().getFirst().event();
        assertThat(event.getExtension("authid")).isEqualTo("writer");
        assertThat(event.getExtension("authtype")).isEqualTo("user");
        assertThat(event.getExtension("authclaims")).isNull();
        assertThat(event.getExtension("note")).isEqualTo("kept");
    }

    @Test
    void anIdentityIsAdoptedForAdministratorsAlone() {
        String adopting = created("e1", "alice", "{\"identityId\":\"" + IDENTITY.value() + "\"}");

        publish(STRUCTURED, adopting)
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("/data/identityId")
                .jsonPath("$.errors[0].allowed")
                .isEqualTo("only with the role users.admin");
        publish(ISSUER.token("both", Role.EVENTS_WRITE, Role.USERS_ADMIN), STRUCTURED, adopting)
                .expectStatus()
                .isAccepted();
    }

    @Test
    void aCallerRestrictedToItsSourcesCannotSpeakForOthers() {
        String hr = ISSUER.token("hr", Role.EVENTS_WRITE);

        publish(hr, STRUCTURED, event("e1", "tokenbroker.user.deleted.v1", "alice"))
                .expectStatus()
                .isAccepted();
        publish(
                        hr,
                        STRUCTURED,
                        event("e2", "tokenbroker.user.deleted.v1", "alice").replace("urn:hr", "urn:crm"))
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.errors[0].allowed")
                .isEqualTo("one of [urn:hr, urn:hr:legacy]");
    }

    @Test
    void aBodyOverOneMebibyteIsRefusedByItsLength() {
        publish(STRUCTURED, "x".repeat(Bodies.LIMIT + 1))
                .expectStatus()
                .isEqualTo(413)
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:body-too-large");
    }

    @Test
    void aBodyOverOneMebibyteIsRefusedWhenItComesInChunks() {
        byte[] chunk = "x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
        Flux<DataBuffer> chunks = Flux.range(0, 20).map(i -> DefaultDataBufferFactory.sharedInstance.wrap(chunk));

        call(HttpMethod.POST, "/v1/events", writer())
                .header("Content-Type", STRUCTURED)
                .body(chunks, DataBuffer.class)
                .exchange()
                .expectStatus()
                .isEqualTo(413)
                .expectHeader()
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "application/cloudevents+avro",
                "application/cloudevents+json;charset=latin1"
            })
    void anotherContentTypeIsRefusedWithThoseThereAre(String contentType) {
        publish(contentType, "{}")
                .expectStatus()
                .isEqualTo(415)
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).contains(STRUCTURED, BATCH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"id\":1,\"id\":2}", "[1,2", "nul", "{} {}"})
    void malformedJsonIsRefused(String body) {
        publish(STRUCTURED, body).expectStatus().isBadRequest();
    }

    @Test
    void theLogBeingAwayIsNotTheCallersFault() {
        log.breakWith(new IllegalStateException("kafka at 10.0.0.1 is away"));

        publish(STRUCTURED, event("e1", "tokenbroker.user.deleted.v1", "alice"))
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).doesNotContain("10.0.0.1"));
    }

    private WebTestClient.ResponseSpec publish(String contentType, String body) {
        return publish(writer(), contentType, body);
    }

    private WebTestClient.ResponseSpec publish(String token, String contentType, String body) {
        return call(HttpMethod.POST, "/v1/events", token)
                .header("Content-Type", contentType)
                .bodyValue(body.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    private static String event(String id, String type, String subject) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"urn:hr\",\"type\":\"" + type
                + "\",\"subject\":\"" + subject + "\"}";
    }

    private static String created(String id, String subject, String data) {
        String event = event(id, "tokenbroker.user.created.v1", subject);
        return event.substring(0, event.length() - 1) + ",\"data\":" + data + "}";
    }

    private static String data(CloudEvent event) {
        return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
    }
}
