package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.DeadLetters;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who may call what, as it was agreed: written here a second time, in words of its own, and held against the running
 * edge by every operation called by everybody there is.
 */
class AuthorisationMatrixTest extends HttpEdgeFixture {

    /**
     * Call; the answer to whoever may; who reaches it without a role: nobody, every caller, the user in the path or query
     * themselves ({@code own}), or everybody without a JWT ({@code public}); the roles that open it for every user.
     */
    private static final List<Row> AGREED = Stream.of(
                    "POST   /v1/events                        | 202 | nobody | events.write",
                    "PUT    /v1/users/{id}                    | 202 | nobody | events.write users.admin",
                    "DELETE /v1/users/{id}                    | 202 | nobody | events.write users.admin",
                    "POST   /v1/users/{id}/suspend            | 202 | nobody | events.write users.admin",
                    "POST   /v1/users/{id}/resume             | 202 | nobody | events.write users.admin",
                    "DELETE /v1/users/{id}/tokens             | 202 | own    | events.write users.admin",
                    "GET    /v1/users/{id}                    | 200 | nobody | users.admin",
                    "GET    /v1/users                         | 200 | nobody | users.admin",
                    "POST   /v1/users/{id}/tokens             | 200 | own    | tokens.issue",
                    "GET    /v1/users/{id}/tokens/stream      | 200 | own    | tokens.issue",
                    "POST   /v1/teams/tokens                  | 200 | caller |",
                    "GET    /v1/token-events?user={id}        | 200 | own    | events.read",
                    "GET    /v1/dead-letters                  | 200 | nobody | users.admin",
                    "POST   /v1/dead-letters/{place}/redrive  | 202 | nobody | users.admin",
                    "GET    /v1/orphans                       | 200 | nobody | users.admin",
                    "POST   /v1/replays                       | 202 | nobody | replay",
                    "GET    /v1/replays                       | 200 | nobody | replay",
                    // there is no such replay, but only those who are let in are told
                    "GET    /v1/replays/{job}                 | 404 | nobody | replay",
                    "POST   /v1/replays/{job}/pause           | 404 | nobody | replay",
                    "POST   /v1/replays/{job}/resume          | 404 | nobody | replay",
                    "POST   /v1/replays/{job}/cancel          | 404 | nobody | replay",
                    "GET    /v1/replays/{job}/progress        | 404 | nobody | replay",
                    "GET    /openapi                          | 200 | public |",
                    "GET    /asyncapi                         | 200 | public |")
            .map(Row::parsed)
            .toList();

    private static final List<String> ROLES =
            List.of("events.write", "events.read", "users.admin", "tokens.issue", "replay");

    private static final String TARGET = "matrix-target";

    /** Of the key id that the issuer uses too. */
    private static final RSAKey STRANGER = TestIssuer.newKey("first");

    record Row(HttpMethod method, String path, int answer, String open, Set<String> roles) {

        static Row parsed(String line) {
            String[] cells = line.split("\\|", -1);
            String[] call = cells[0].strip().split("\\s+");
            Set<String> roles = Arrays.stream(cells[3].strip().split(" "))
                    .filter(role -> !role.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
            return new Row(
                    HttpMethod.valueOf(call[0]), call[1], Integer.parseInt(cells[1].strip()), cells[2].strip(), roles);
        }

        boolean namesUser() {
            return path.contains("{id}");
        }

        String operation() {
            return method + " " + path.replaceAll("\\?.*", "");
        }
    }

    /** @param problem what refuses it; {@code null} where it is answered */
    record Case(
            Row row,
            String caller,
            String id,
            @Nullable String token,
            boolean inQuery,
            int status,
            @Nullable String problem) {

        @Override
        public String toString() {
            return row.operation() + " by " + caller;
        }
    }

    static Stream<Case> everyOperationByEverybody() {
        return AGREED.stream().flatMap(row -> cases(row).stream());
    }

    private static List<Case> cases(Row row) {
        List<Case> cases = new ArrayList<>();
        boolean everybody = row.open().equals("public");
        if (everybody) {
            cases.add(allowed(row, "nobody known", "", null));
        } else {
            cases.add(refused(row, "nobody known", null, 401, "unauthenticated"));
        }
        badTokens().forEach((why, token) -> cases.add(refused(row, why, token, 401, "unauthenticated")));
        String admin = ISSUER.token("all", Role.values());
        cases.add(new Case(row, "a JWT in the query", TARGET, admin, true, 400, "token-in-query"));

        boolean caller = everybody || row.open().equals("caller");
        boolean own = caller || row.open().equals("own");
        if (row.namesUser()) {
            cases.add(decided(own, row, "the user", TARGET, ISSUER.token(TARGET)));
            cases.add(decided(own, row, "me", "me", ISSUER.token(TARGET)));
            cases.add(decided(caller, row, "another user", TARGET, ISSUER.token("matrix-other")));
            cases.add(decided(caller, row, "another issuer's user of that name", TARGET, partner(TARGET)));
        } else {
            cases.add(decided(caller, row, "a user", "", ISSUER.token("matrix-user")));
        }
        for (String role : ROLES) {
            boolean open = caller || row.roles().contains(role);
            cases.add(decided(open, row, role, TARGET, withRoles("matrix-" + role, List.of(role))));
        }
        boolean open = caller || !row.roles().isEmpty();
        cases.add(decided(open, row, "all roles", TARGET, withRoles("matrix-all", ROLES)));
        Set<String> others = new TreeSet<>(ROLES);
        others.removeAll(row.roles());
        cases.add(decided(caller, row, "all the other roles", TARGET, withRoles("matrix-rest", List.copyOf(others))));
        cases.add(decided(
                caller, row, "unknown roles", TARGET, withRoles("matrix-x", List.of("admin", "ROLE_users.admin"))));
        return cases;
    }

    private static Map<String, String> badTokens() {
        Instant now = Instant.now();
        List<String> roles = ROLES;
        JWTClaimsSet unsigned = new JWTClaimsSet.Builder()
                .issuer(ISSUER.uri())
                .audience(TestIssuer.AUDIENCE)
                .subject(TARGET)
                .claim("roles", roles)
                .expirationTime(Date.from(now.plusSeconds(600)))
                .build();
        return Map.of(
                "an expired JWT",
                        ISSUER.token(c -> c.subject(TARGET)
                                .claim("roles", roles)
                                .expirationTime(Date.from(now.minusSeconds(90)))),
                "an unsigned JWT", new PlainJWT(unsigned).serialize(),
                "a JWT with a stranger's signature",
                        ISSUER.signed(
                                JWSAlgorithm.RS256,
                                STRANGER,
                                c -> c.subject(TARGET).claim("roles", roles)),
                "a JWT for another audience",
                        ISSUER.token(
                                c -> c.subject(TARGET).claim("roles", roles).audience("else")),
                "a JWT of an unknown issuer",
                        ISSUER.token(
                                c -> c.subject(TARGET).claim("roles", roles).issuer("https://evil.example")));
    }

    @Autowired
    InMemoryReplays replays;

    /** The user stays from case to case, and with them the leased token: new ones are limited. */
    @Override
    @BeforeEach
    void startEmpty() {
        log.reset();
        deadLetters.reset();
        given(anActiveUser(TARGET));
        deadLetters.add(aDeadLetter());
        replays.endAll();
    }

    @ParameterizedTest
    @MethodSource("everyOperationByEverybody")
    void eachIsAnsweredAsAgreed(Case each) {
        Answer answer = answer(each);

        assertThat(answer.status()).as(answer.body()).isEqualTo(each.status());
        if (each.problem() == null) {
            return;
        }
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(JsonMapper.shared().readTree(answer.body()).path("type").asString())
                .isEqualTo("urn:tokenbroker:problem:" + each.problem());
        assertThat(log.drafts()).as("nothing was written").isEmpty();
        assertThat(answer.body()).doesNotContain("eyJ").doesNotContain(Acs.TOKEN);
        if (each.status() == 401) {
            assertThat(answer.challenge())
                    .startsWith(each.token() == null ? "Bearer" : "Bearer error=\"invalid_token\"");
        }
        if (each.problem().equals("forbidden") && !each.row().roles().isEmpty()) {
            each.row().roles().forEach(role -> assertThat(answer.body()).contains(role));
        }
    }

    @Test
    void everyOperationAndRoleIsInTheMatrix() {
        assertThat(AGREED)
                .extracting(Row::operation)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Operation.values())
                        .map(operation ->
                                operation.method() + " " + operation.template().text())
                        .toList());
        assertThat(ROLES)
                .containsExactlyElementsOf(
                        Arrays.stream(Role.values()).map(Role::claim).toList());
    }

    private record Answer(int status, String contentType, String challenge, String body) {}

    private Answer answer(Case each) {
        String path = each.row()
                .path()
                .replace("{id}", each.id())
                .replace("{place}", "0-7")
                .replace("{job}", "none");
        if (each.inQuery()) {
            path += (path.contains("?") ? "&" : "?") + "access_token=" + each.token();
        }
        FluxExchangeResult<byte[]> result = client().method(each.row().method())
                .uri(URI.create("http://localhost:" + port + path))
                .headers(headers -> {
                    if (each.token() != null && !each.inQuery()) {
                        headers.setBearerAuth(each.token());
                    }
                    headers.set("Content-Type", contentType(each.row()));
                })
                .bodyValue(body(each.row()))
                .exchange()
                .returnResult(byte[].class);
        var headers = result.getResponseHeaders();
        String type = String.valueOf(headers.getFirst("Content-Type"));
        Flux<byte[]> content = Objects.requireNonNull(result.getResponseBody());
        boolean endless = type.startsWith("text/event-stream");
        List<byte[]> parts = content.take(endless ? 1 : Long.MAX_VALUE)
                .collectList()
                .blockOptional(Duration.ofSeconds(20))
                .orElseThrow();
        String text = parts.stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        return new Answer(result.getStatus().value(), type, String.valueOf(headers.getFirst("WWW-Authenticate")), text);
    }

    private static String contentType(Row row) {
        return row.path().equals("/v1/events") ? "application/cloudevents+json" : "application/json";
    }

    private static String body(Row row) {
        if (row.method().equals(HttpMethod.GET) || row.method().equals(HttpMethod.DELETE)) {
            return "";
        }
        return switch (row.path()) {
            case "/v1/events" -> """
                    {"specversion":"1.0","id":"1","source":"urn:matrix","type":"tokenbroker.user.created.v1",\
                    "subject":"matrix-target","data":{"userId":"matrix-target"}}""";
            case "/v1/replays" -> "{\"from\":\"earliest\"}";
            case "/v1/teams/tokens" -> """
                    {"token":"good","appId":"1b5cc06b-f352-4571-b1e6-d9b259b7c776",\
                    "userId":"6c8397ae-8503-412e-b4b4-277f5ba25f53"}""";
            default -> "{}";
        };
    }

    private static DeadLetters.Listed aDeadLetter() {
        return new DeadLetters.Listed(
                new DeadLetters.Place(0, 7),
                TARGET,
                "tokenbroker.user.created.v1",
                "why",
                0,
                new LogPosition("lifecycle", 0, 7),
                Instant.EPOCH,
                true);
    }

    private static Case decided(boolean open, Row row, String caller, String id, String token) {
        return open ? allowed(row, caller, id, token) : new Case(row, caller, id, token, false, 403, "forbidden");
    }

    private static Case allowed(Row row, String caller, String id, @Nullable String token) {
        return new Case(row, caller, id, token, false, row.answer(), null);
    }

    private static Case refused(Row row, String caller, @Nullable String token, int status, String problem) {
        return new Case(row, caller, TARGET, token, false, status, problem);
    }

    private static String withRoles(String subject, List<String> roles) {
        return ISSUER.token(claims -> claims.subject(subject).claim("roles", roles));
    }

    private static String partner(String userId) {
        return PARTNER.token(claims -> claims.audience("partners").claim("oid", userId));
    }
}
