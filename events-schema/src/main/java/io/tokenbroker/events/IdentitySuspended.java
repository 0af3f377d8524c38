package io.tokenbroker.events;

/** The user's tokens are revoked at ACS and new ones are refused. */
public record IdentitySuspended(String userId, String identityId) implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.identity.suspended.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
