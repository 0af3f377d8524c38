package io.tokenbroker.events;

import java.time.Instant;
import java.util.Set;

/**
 * An ACS access token was issued. The token itself is never in an event.
 *
 * @param issuedOn when the broker received it
 * @param expiresOn when it ends, as ACS says
 * @param tokenId SHA-256 of the token, base64url without padding: the holder of a token can find its event
 * @param reason why it was issued, {@code first-token}, {@code requested}, or {@code renewed} where it follows one of its like
 */
public record TokenIssued(
        String userId,
        String identityId,
        Set<String> scopes,
        Instant issuedOn,
        Instant expiresOn,
        String tokenId,
        String reason)
        implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.token.issued.v1";

    public TokenIssued {
        scopes = Set.copyOf(scopes);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
