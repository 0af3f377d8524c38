package io.tokenbroker.events;

/** The user has an ACS identity now. */
public record IdentityProvisioned(String userId, String identityId) implements OutcomeEvent {

    public static final String TYPE = "tokenbroker.identity.provisioned.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
