package io.tokenbroker.events;

/** The user is gone: tokens are revoked and the identity is deleted at ACS. */
public record UserDeleted(String userId) implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.deleted.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
