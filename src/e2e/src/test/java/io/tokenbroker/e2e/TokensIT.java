package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class TokensIT {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static Stack stack;
    private static BrokerProcess broker;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(TokensIT.class, "--quota=none");
        broker = stack.broker(Stack.NO_QUOTA);
        admin = stack.admin(broker);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void theFirstTokenIsTheOneThatCameWithTheIdentity() {
        admin.createAndWait("first");
        long before = stack.emulator().calls("issue");

        String token = admin.token("first").expect(BrokerApi.OK).text("token");

        assertThat(stack.emulator().calls("issue")).isEqualTo(before);
        assertThat(Outcomes.read(stack.kafka()).of("first", Outcomes.ISSUED))
                .singleElement()
                .satisfies(told -> assertThat(told.tokenId()).isEqualTo(sha256(token)));
    }

    @Test
    void aTokenIsOneThatAcsHasSignedForTheUsersIdentityAndTheScopesAskedFor() throws GeneralSecurityException {
        String identity = admin.createAndWait("signed").text("identityId");

        JsonNode answer = admin.token("signed", "{\"scopes\":[\"voip\"],\"expiresInMinutes\":90}")
                .expect(BrokerApi.OK)
                .json();

        String token = answer.path("token").asString("");
        String[] parts = token.split("\\.", -1);
        assertThat(isSigned(parts, parts[2])).isTrue();
        JsonNode claims = Http.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        parts[1] = "e30";
        assertThat(isSigned(parts, parts[2])).as("with other claims").isFalse();
        assertThat("8:" + claims.path("skypeid").asString("")).isEqualTo(identity);
        assertThat(claims.path("acsScope").asString("")).isEqualTo("voip");
        Instant expiresOn = Instant.parse(answer.path("expiresOn").asString(""));
        assertThat(expiresOn.getEpochSecond())
                .isEqualTo(claims.path("exp").asLong(0))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(88)).getEpochSecond(),
                        Instant.now().plus(Duration.ofMinutes(90)).getEpochSecond());
        assertThat(answer.path("identityId").asString("")).isEqualTo(identity);
        assertThat(Outcomes.read(stack.kafka()).of("signed", Outcomes.ISSUED))
                .anyMatch(told -> told.tokenId().equals(sha256(token)));
        assertThat(Topic.read(stack.kafka(), Topic.OUTCOMES))
                .noneMatch(told -> Topic.utf8(told.value()).contains(parts[2]));
    }

    @Test
    void aUserGetsItsOwnTokenWithoutARoleAndNobodyElses() {
        admin.createAndWait("own");
        BrokerApi own = stack.user(broker.address(), "own");

        own.send("POST", "/v1/users/me/tokens", Map.of()).expect(BrokerApi.OK);
        own.token("own").expect(BrokerApi.OK);
        admin.createAndWait("another");
        assertThat(own.token("another").status()).isEqualTo(BrokerApi.FORBIDDEN);
    }

    @Test
    void afterASuspensionThereIsNoTokenAndAcsKnowsThoseBeforeAreVoid() {
        String identity = admin.createAndWait("suspended").text("identityId");
        admin.token("suspended").expect(BrokerApi.OK);
        assertThat(stack.emulator().ledger().identity(identity).tokensRevoked()).isFalse();

        admin.doAndWait("suspended", "suspend");

        assertThat(admin.token("suspended").status()).isEqualTo(BrokerApi.FORBIDDEN);
        assertThat(stack.emulator().ledger().identity(identity).tokensRevoked()).isTrue();
        assertThat(Outcomes.read(stack.kafka()).of("suspended", Outcomes.SUSPENDED))
                .hasSize(1);
        admin.doAndWait("suspended", "resume");
        assertThat(admin.token("suspended").expect(BrokerApi.OK).text("identityId"))
                .isEqualTo(identity);
    }

    @Test
    void aDeletedUserHasNoTokenAndACreatedOneAgainHasAnotherIdentity() {
        String identity = admin.createAndWait("deleted").text("identityId");
        admin.token("deleted").expect(BrokerApi.OK);

        admin.deleteAndWait("deleted");

        assertThat(admin.token("deleted").status()).isEqualTo(BrokerApi.NOT_FOUND);
        assertThat(stack.emulator().ledger().identity(identity).deleted()).isTrue();
        String next = admin.createAndWait("deleted").text("identityId");
        assertThat(next).isNotEqualTo(identity);
        assertThat(admin.token("deleted").expect(BrokerApi.OK).text("identityId"))
                .isEqualTo(next);
    }

    @Test
    void revokingReachesAcsAndNewTokensMayBeHadAfterwards() {
        String identity = admin.createAndWait("revoked").text("identityId");
        admin.token("revoked").expect(BrokerApi.OK);

        admin.revokeAndWait("revoked");

        assertThat(stack.emulator().ledger().identity(identity).tokensRevoked()).isTrue();
        assertThat(Outcomes.read(stack.kafka()).of("revoked", Outcomes.REVOKED))
                .singleElement()
                .satisfies(told -> assertThat(told.reason()).isEqualTo("sessions-revoked"));
        long issued = stack.emulator().ledger().identity(identity).tokensIssued();
        admin.token("revoked").expect(BrokerApi.OK);
        assertThat(stack.emulator().ledger().identity(identity).tokensIssued())
                .as("the token from before is void, so a new one was asked for")
                .isGreaterThan(issued);
    }

    @Test
    void aTeamsUsersTokenIsExchangedAndTheExchangeAnnounced() {
        String app = UUID.randomUUID().toString();
        String user = UUID.randomUUID().toString();
        Instant ends = Instant.now().plus(Duration.ofMinutes(50));
        String body = "{\"token\":\"%s\",\"appId\":\"%s\",\"userId\":\"%s\"}";
        BrokerApi caller = stack.user(broker.address(), "teams-caller");

        JsonNode answer = caller.send(
                        "POST", "/v1/teams/tokens", JSON, body.formatted(entraToken(app, user, ends), app, user))
                .expect(BrokerApi.OK)
                .json();

        assertThat(Instant.parse(answer.path("expiresOn").asString("")))
                .isBetween(ends.minusSeconds(5), ends.plusSeconds(5));
        assertThat(Outcomes.read(stack.kafka()).of("teams-caller", "tokenbroker.token.exchanged.v1"))
                .singleElement()
                .satisfies(told -> assertThat(told.tokenId())
                        .isEqualTo(sha256(answer.path("token").asString(""))));
        String another = body.formatted(entraToken(app, "somebody-else", ends), app, user);
        assertThat(caller.send("POST", "/v1/teams/tokens", JSON, another).status())
                .isEqualTo(400);
    }

    private static String entraToken(String app, String user, Instant ends) {
        String claims = "{\"appid\":\"%s\",\"oid\":\"%s\",\"exp\":%d}".formatted(app, user, ends.getEpochSecond());
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(UTF_8)) + ".c2lnbmVk";
    }

    @Test
    void aUserWhoNeverWasHasNoToken() {
        assertThat(admin.token("never").status()).isEqualTo(BrokerApi.NOT_FOUND);
    }

    private static boolean isSigned(String[] parts, String signature) throws GeneralSecurityException {
        JsonNode header = Http.JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(publicKey(header.path("kid").asString("")));
        verifier.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        return verifier.verify(Base64.getUrlDecoder().decode(signature));
    }

    private static PublicKey publicKey(String id) throws GeneralSecurityException {
        for (JsonNode key : stack.emulator().jwks().path("keys")) {
            if (key.path("kid").asString("").equals(id)) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(key.path("n")), number(key.path("e"))));
            }
        }
        throw new AssertionError("there is no key " + id);
    }

    private static BigInteger number(JsonNode base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url.asString("")));
    }

    private static String sha256(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
