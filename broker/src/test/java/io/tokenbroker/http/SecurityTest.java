package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;

class SecurityTest extends HttpEdgeFixture {

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
                Arguments.of("not yet valid", ISSUER.token(c -> c.notBeforeTime(Date.from(now.plusSeconds(600))))),
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

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "jwt", "token", "Access_Token", "lastEventId"})
    void aTokenInTheQueryStringIsRefusedUnderAnyNameAndEvenBesideAGoodOne(String parameter) {
        client().get()
                .uri("/v1/users?" + parameter + "=" + admin())
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

        RSAKey stranger = TestIssuer.newKey("stranger");
        for (int i = 0; i < 20; i++) {
            RSAKey underAnotherId =
                    new RSAKey.Builder(stranger).keyID("unknown" + i).build();
            String forged = ISSUER.signed(JWSAlgorithm.RS256, underAnotherId, c -> c);
            status(Operation.LIST_USERS, "", forged);
        }

        assertThat(ISSUER.keyReads() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void usersOfSeveralIssuersWhoHaveOneNameAreTwoUsers() {
        given(anActiveUser("twin"));
        String partners = PARTNER.token(claims -> claims.audience("partners").claim("oid", "twin"));

        assertThat(status(Operation.ISSUE_TOKEN, "me", user("twin")).value()).isEqualTo(200);
        assertThat(status(Operation.ISSUE_TOKEN, "me", partners).value())
                .as("partner:twin is not there")
                .isEqualTo(404);
        assertThat(status(Operation.ISSUE_TOKEN, "twin", partners).value()).isEqualTo(403);
        assertThat(status(Operation.ISSUE_TOKEN, "partner:twin", user("twin")).value())
                .isEqualTo(403);

        given(anActiveUser("partner:twin"));
        assertThat(status(Operation.ISSUE_TOKEN, "me", partners).value()).isEqualTo(200);
    }

    @Test
    void aUserIdThatPassesForOneOfAnotherIssuersIsRefused() {
        given(anActiveUser("partner:alice"));

        call(HttpMethod.POST, "/v1/users/me/tokens", user("partner:alice"))
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectBody()
                .jsonPath("$.detail")
                .isEqualTo("the claim sub begins with the prefix of another issuer");
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
        return operation
                .template()
                .text()
                .replace("{id}", id)
                .replace("{place}", "0-0")
                .replace("{job}", "none");
    }
}
