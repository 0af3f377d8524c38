package io.tokenbroker.intake;

import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.LifecycleEvent;
import org.jspecify.annotations.Nullable;

/**
 * A valid lifecycle event of one user.
 *
 * @param sequence CloudEvents {@code sequence}, where the source numbers its events
 * @param writtenForCaller whether the broker wrote it for an HTTP caller; such an event is never stale
 */
public record UserEvent(
        UserId userId,
        LifecycleEvent event,
        EventRef ref,
        @Nullable String sequence,
        boolean writtenForCaller) {

    /** The same event, followed from another place of its trace. */
    public UserEvent in(@Nullable String traceparent) {
        return new UserEvent(userId, event, ref.in(traceparent), sequence, writtenForCaller);
    }
}
