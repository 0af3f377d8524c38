package io.tokenbroker.events;

/** A suspended user may have tokens again. */
public record UserResumed(String userId) implements LifecycleEvent {

    public static final String TYPE = "tokenbroker.user.resumed.v1";

    @Override
    public String type() {
        return TYPE;
    }
}
