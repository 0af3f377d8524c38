package io.tokenbroker.events;

/** Every token issued so far is revoked; the user may get new ones. */
public record SessionsRevoked(String userId) implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.sessions-revoked.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
