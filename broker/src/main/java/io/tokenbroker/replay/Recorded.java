package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.intake.UserEvent;

/** One record of the log, read again. */
public sealed interface Recorded {

    /** @param home the partition of the user's records, where this one may not lie */
    record Event(LogPosition position, UserEvent event, int home) implements Recorded {

        boolean isHome() {
            return position.partition() == home;
        }
    }

    /** Neither ours nor aliased. */
    record Foreign(LogPosition position) implements Recorded {}

    /** Cannot be applied, and was not. */
    record Unreadable(LogPosition position, String reason) implements Recorded {}
}
