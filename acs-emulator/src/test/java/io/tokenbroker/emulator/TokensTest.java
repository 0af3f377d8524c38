package io.tokenbroker.emulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TokensTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Test
    void areJwtsThatTheJwksVerifiesWithTheClaimsAcsPutsIn() throws GeneralSecurityException {
        EmulatorOptions options = EmulatorOptions.ephemeral().withClock(Clock.fixed(now, ZoneOffset.UTC));
        try (AcsEmulator emulator = AcsEmulator.start(options)) {
            var caller = new Caller(emulator);
            JsonNode created = Caller.json(caller.post(
                    Caller.CREATE, "{\"createTokenWithScopes\":[\"chat\",\"voip\"],\"expiresInMinutes\":60}"));
            String[] token = created.at("/accessToken/token").asString().split("\\.");
            JsonNode key = caller.control("/emulator/jwks").at("/keys/0");

            JsonNode header = Caller.json(decoded(token[0]));
            assertThat(header.path("alg").asString()).isEqualTo("RS256");
            assertThat(header.path("kid")).isEqualTo(key.path("kid"));
            assertThat(verifies(token, key)).isTrue();

            String id = created.at("/identity/id").asString();
            long iat = now.getEpochSecond();
            assertThat(decoded(token[1]))
                    .isEqualTo("{\"skypeid\":\"" + id.substring(2) + "\",\"scp\":1792,\"csi\":\"" + iat
                            + "\",\"exp\":" + (iat + 3600) + ",\"acsScope\":\"chat,voip\",\"resourceId\":\""
                            + id.substring(6, 42) + "\",\"iat\":" + iat + "}");
            assertThat(created.at("/accessToken/expiresOn").asString())
                    .isEqualTo(now.plusSeconds(3600).toString().replace("Z", ".0000000+00:00"));
        }
    }

    private static boolean verifies(String[] token, JsonNode jwk) throws GeneralSecurityException {
        var spec = new RSAPublicKeySpec(number(jwk.path("n")), number(jwk.path("e")));
        var key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
        assertThat(key.getModulus().bitLength()).isEqualTo(2048);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update((token[0] + "." + token[1]).getBytes(US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(token[2]));
    }

    private static BigInteger number(JsonNode text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text.asString()));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }
}
