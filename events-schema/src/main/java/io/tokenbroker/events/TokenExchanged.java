package io.tokenbroker.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Teams user's Entra token was exchanged for an ACS token.
 *
 * @param entraUserId object id of the user in Microsoft Entra
 * @param appId the Entra application that asked
 * @param tokenId SHA-256 of the ACS token, base64url without padding
 */
public record TokenExchanged(String userId, String entraUserId, String appId, Instant expiresOn, String tokenId)
        implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.token.exchanged.v1";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public @Nullable String identityId() {
        return null;
    }
}
