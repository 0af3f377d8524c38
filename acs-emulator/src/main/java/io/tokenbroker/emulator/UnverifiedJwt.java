package io.tokenbroker.emulator;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The claims of a JWT from elsewhere, whose signature the emulator has no key to check. */
record UnverifiedJwt(JsonNode claims) {
    static Optional<UnverifiedJwt> parse(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode header = decode(parts[0]);
            JsonNode claims = decode(parts[1]);
            return header.isObject() && claims.isObject() ? Optional.of(new UnverifiedJwt(claims)) : Optional.empty();
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    boolean claims(String name, String value) {
        return claims.path(name).asString("").equalsIgnoreCase(value);
    }

    /** When it ends; a token that does not say has ended. */
    Instant expiresOn() {
        return Instant.ofEpochSecond(claims.path("exp").asLong(0));
    }

    boolean isFor(String audience) {
        JsonNode aud = claims.path("aud");
        if (aud.isArray()) {
            return aud.valueStream().anyMatch(each -> each.asString("").startsWith(audience));
        }
        return aud.asString("").startsWith(audience);
    }

    private static JsonNode decode(String part) {
        return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(part));
    }

    @Override
    public String toString() {
        return "UnverifiedJwt[]";
    }
}
