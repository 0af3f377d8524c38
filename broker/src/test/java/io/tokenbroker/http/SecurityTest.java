package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;

class SecurityTest extends HttpEdgeFixture {

    /** The agreed matrix, written out a second time so that a slip in {@link Operation} is noticed. */
    private static final Map<Operation, Set<Role>> MATRIX = new EnumMap<>(Map.ofEntries(
            Map.entry(Operation.PUBLISH_EVENTS, Set.of(Role.EVENTS_WRITE)),
            Map.entry(Operation.CREATE_USER, Set.of(Role.EVENTS_WRITE, Role.USERS_ADMIN)),
            Map.entry(Operation.DELETE_USER, Set.of(Role.EVENTS_WRITE, Role.USERS_ADMIN)),
            Map.entry(Operation.SUSPEND_USER, Set.of(Role.EVENTS_WRITE, Role.USERS_ADMIN)),
            Map.entry(Operation.RESUME_USER, Set.of(Role.EVENTS_WRITE, Role.USERS_ADMIN)),
            Map.entry(Operation.REVOKE_TOKENS, Set.of(Role.EVENTS_WRITE, Role.USERS_ADMIN)),
            Map.entry(Operation.GET_USER, Set.of(Role.USERS_ADMIN)),
            Map.entry(Operation.LIST_USERS, Set.of(Role.USERS_ADMIN)),
            Map.entry(Operation.ISSUE_TOKEN, Set.of(Role.TOKENS_ISSUE)),
            Map.entry(Operation.LIST_DEAD_LETTERS, Set.of(Role.USERS_ADMIN)),
            Map.entry(Operation.REDRIVE_DEAD_LETTER, Set.of(Role.USERS_ADMIN)),
            Map.entry(Operation.LIST_ORPHANS, Set.of(Role.USERS_ADMIN))));

    static Stream<Arguments> everyOperationByEveryRole() {
        return MATRIX.keySet().stream()
                .flatMap(operation -> Arrays.stream(Role.values()).map(role -> Arguments.of(operation, role)));
    }

    @ParameterizedTest
    @MethodSource("everyOperationByEveryRole")
    void aRoleOpensWhatTheMatrixSaysAndNothingElse(Operation operation, Role role) {
        HttpStatusCode status = status(operation, "alice", ISSUER.token("somebody", role));

        if (MATRIX.getOrDefault(operation, Set.of()).contains(role)) {
            assertThat(status.value()).isNotIn(401, 403);
        } else {
            assertThat(status.value()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void withoutATokenOnlyTheContractsAreRead(Operation operation) {
        var response = client().method(operation.method())
                .uri(path(operation, "alice"))
                .exchange();

        if (operation.access().own() == Access.Own.PUBLIC) {
            response.expectStatus().isOk();
        } else {
            response.expectStatus()
                    .isUnauthorized()
                    .expectHeader()
                    .valueEquals("WWW-Authenticate", "Bearer")
                    .expectHeader()
                    .contentType("application/problem+json");
        }
    }

    @Test
    void aUserReachesItsOwnTokensAndNobodyElses() {
        for (Operation operation : List.of(Operation.ISSUE_TOKEN, Operation.REVOKE_TOKENS)) {
            assertThat(status(operation, "me", user("alice")).value()).isNotIn(401, 403);
            assertThat(status(operation, "alice", user("alice")).value()).isNotIn(401, 403);
            assertThat(status(operation, "bob", user("alice")).value()).isEqualTo(403);
        }
        assertThat(status(Operation.GET_USER, "me", user("alice")).value()).isEqualTo(403);
        assertThat(status(Operation.DELETE_USER, "me", user("alice")).value()).isEqualTo(403);
    }

    @Test
    void aRefusalNamesTheRolesThatWouldDo() {
        call(HttpMethod.DELETE, "/v1/users/bob", user("alice"))
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("needs one of the roles [events.write, users.admin]");
    }

    @Test
    void rolesMayBeSeparatedBySpaces() {
        String token = ISSUER.token(claims -> claims.claim("roles", "other users.admin"));

        assertThat(status(Operation.LIST_USERS, "", token).value()).isEqualTo(200);
    }

    @Test
    void eachIssuersClaimsAreReadItsOwnWay() {
        String token = PARTNER.token(claims -> claims.audience("partners")
                .subject("ignored")
                .claim("oid", "alice")
                .claim("roles", List.of("users.admin")));

        call(HttpMethod.DELETE, "/v1/users/me/tokens", token)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.userId")
                .isEqualTo("partner:alice");
        assertThat(status(Operation.ISSUE_TOKEN, "alice", token).value()).isEqualTo(403);
        assertThat(status(Operation.LIST_USERS, "", token).value()).isEqualTo(403);
    }

    static Stream<Arguments> badTokens() throws JOSEException {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER.uri())
                .audience(TestIssuer.AUDIENCE)
                .subject("x")
                .claim("roles", List.of("users.admin"))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .build();
        SignedJWT symmetric = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims);
        symmetric.sign(new MACSigner(ISSUER.key().toRSAPublicKey().getEncoded()));
        return Stream.of(
                Arguments.of("no signature", new PlainJWT(claims).serialize()),
                Arguments.of("signed with the public key as a secret", symmetric.serialize()),
                Arguments.of("a stranger's key", ISSUER.signed(JWSAlgorithm.RS256, TestIssuer.newKey("first"), c -> c)),
                Arguments.of("a key nobody has", ISSUER.signed(JWSAlgorithm.RS256, TestIssuer.newKey("other"), c -> c)),
                Arguments.of("another audience", ISSUER.token(c -> c.audience("else"))),
                Arguments.of("no audience", ISSUER.token(c -> c.audience((String) null))),
                Arguments.of("the other issuer's audience", ISSUER.token(c -> c.audience("partners"))),
                Arguments.of(
                        "another issuer's name",
                        ISSUER.token(c -> c.issuer(PARTNER.uri()).audience("partners"))),
                Arguments.of("an unknown issuer", ISSUER.token(c -> c.issuer("https://evil.example"))),
                Arguments.of("no issuer", ISSUER.token(c -> c.issuer(null))),
                Arguments.of("expired", ISSUER.token(c -> c.expirationTime(Date.from(now.minusSeconds(90))))),
                Arguments.of("not yet valid", ISSUER.token(c -> c.notBeforeTime(Date.from(now.plusSeconds(90))))),
                Arguments.of("without an end", ISSUER.token(c -> c.expirationTime(null))),
                Arguments.of("without a user", ISSUER.token(c -> c.subject(null))),
                Arguments.of("a user of 257 letters", ISSUER.token(c -> c.subject("x".repeat(257)))),
                Arguments.of("a user with a line feed", ISSUER.token(c -> c.subject("a\nb"))),
                Arguments.of("no token at all", "garbage"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aTokenThatIsNotGoodIsRefused(String why, String token) {
        call(HttpMethod.GET, "/v1/users", token)
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .value(
                        "WWW-Authenticate",
                        challenge -> assertThat(challenge)
                                .startsWith("Bearer error=\"invalid_token\"")
                                .doesNotContain(token))
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:unauthenticated");
    }

    @Test
    void clocksMayBeAMinuteApart() {
        String late = ISSUER.token(c -> c.subject("admin")
                .claim("roles", "users.admin")
                .issueTime(Date.from(Instant.now().minusSeconds(600)))
                .expirationTime(Date.from(Instant.now().minusSeconds(30))));

        assertThat(status(Operation.LIST_USERS, "", late).value()).isEqualTo(200);
    }

    @Test
    void aTokenInTheQueryStringIsRefusedEvenBesideAGoodOne() {
        client().get()
                .uri("/v1/users?access_token=" + admin())
                .headers(headers -> headers.setBearerAuth(admin()))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("urn:tokenbroker:problem:token-in-query")
                .jsonPath("$.detail")
                .value(String.class, detail -> assertThat(detail).doesNotContain("eyJ"));
    }

    @Test
    void aStrangersTokensDoNotMakeTheBrokerFloodTheIssuer() {
        status(Operation.LIST_USERS, "", admin());
        int before = ISSUER.keyReads();

        for (int i = 0; i < 20; i++) {
            String forged = ISSUER.signed(JWSAlgorithm.RS256, TestIssuer.newKey("unknown" + i), c -> c);
            status(Operation.LIST_USERS, "", forged);
        }

        assertThat(ISSUER.keyReads() - before).isLessThanOrEqualTo(2);
    }

    private HttpStatusCode status(Operation operation, String id, String token) {
        return call(operation.method(), path(operation, id), token)
                .header("Content-Type", "application/json")
                .bodyValue("{}")
                .exchange()
                .returnResult(Void.class)
                .getStatus();
    }

    private static String path(Operation operation, String id) {
        return operation.template().text().replace("{id}", id).replace("{place}", "0-0");
    }
}
