package io.tokenbroker.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;

/**
 * An ACS access token. Whoever holds the value is the user, so it is never logged, written or told in an event.
 *
 * @param expiresOn when it ends, as ACS says; the broker does not look into the token
 */
public record AccessToken(String value, Instant expiresOn) {

    public AccessToken {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an access token is never empty");
        }
    }

    /** What events call this token: its SHA-256, base64url without padding. */
    public String tokenId() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public String toString() {
        return "AccessToken[hidden, expiresOn=" + expiresOn + "]";
    }
}
