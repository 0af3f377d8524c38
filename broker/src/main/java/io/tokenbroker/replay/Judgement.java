package io.tokenbroker.replay;

import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.ReconcileRequested;
import org.jspecify.annotations.Nullable;

/**
 * What the replay would do to one user, or has done.
 *
 * @param reason why it cannot be done, where it cannot
 * @param decided whether it was done before, in an earlier run of the same job; perhaps not at ACS yet
 * @param calls what ACS has to be asked for it
 * @param request what asks the pipeline for it; {@code null} where there is nothing to ask for
 */
record Judgement(
        UserId userId,
        ReplayOutcome outcome,
        @Nullable String reason,
        boolean decided,
        Calls calls,
        @Nullable ReconcileRequested request) {

    /** There is nothing to be done, for this reason. */
    static Judgement without(UserId userId, ReplayOutcome outcome, @Nullable String reason) {
        return new Judgement(userId, outcome, reason, false, Calls.NONE, null);
    }

    /** An earlier run of the job has seen to this user. */
    static Judgement decided(UserId userId, ReplayOutcome outcome) {
        return new Judgement(userId, outcome, null, true, Calls.NONE, null);
    }
}
