package io.tokenbroker.events;

/** The user may have tokens again. */
public record IdentityResumed(String userId, String identityId) implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.identity.resumed.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
