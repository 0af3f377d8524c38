package io.tokenbroker.events;

/**
 * Every token issued for the identity before this event is void at ACS.
 *
 * @param reason {@code suspended}, {@code sessions-revoked} or {@code scopes-narrowed}
 */
public record TokensRevoked(String userId, String identityId, String reason) implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.tokens.revoked.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
