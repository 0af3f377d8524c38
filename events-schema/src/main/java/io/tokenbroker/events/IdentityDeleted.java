package io.tokenbroker.events;

/** The user's identity and all its tokens are gone at ACS. */
public record IdentityDeleted(String userId, String identityId) implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.identity.deleted.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
