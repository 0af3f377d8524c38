package io.tokenbroker.events;

/** The user's tokens are revoked and new ones refused until the user is resumed; the identity is kept. */
public record UserSuspended(String userId) implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.suspended.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
