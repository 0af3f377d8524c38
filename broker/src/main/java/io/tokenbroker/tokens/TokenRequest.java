package io.tokenbroker.tokens;

import io.tokenbroker.directory.UserId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody asks for a token of this user.
 *
 * @param scopes what it shall be good for; {@code null} for the user's default
 * @param expiresInMinutes how long; {@code null} for the user's default
 * @param requestedBy the caller, where one is known
 * @param grant by what right they ask, which caps scopes and lifetime
 */
public record TokenRequest(
        UserId userId,
        @Nullable Set<String> scopes,
        @Nullable Integer expiresInMinutes,
        @Nullable String requestedBy,
        TokenGrant grant) {

    public TokenRequest {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }
}
