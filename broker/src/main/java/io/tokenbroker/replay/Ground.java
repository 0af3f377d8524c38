package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.lifecycle.Rules;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What all replays stand on.
 *
 * @param window users asked for and not done, at most
 */
public record Ground(
        History history,
        Letters letters,
        Rules rules,
        DirectoryView directory,
        Calls.Quota quota,
        RetiringResources resources,
        Clock clock,
        int window) {

    public Ground {
        // a plan decides nothing, and may be of all users there ever were
        rules = rules.rehearsing();
    }

    /**
     * @param reached how far an earlier run of a redrive came
     * @param checkpoint run again and again, may throw to end the reading
     */
    Candidates candidates(ReplayRequest request, @Nullable Reached reached, Runnable checkpoint) {
        Judge judge = new Judge(rules, directory, request);
        return switch (request.mode()) {
            case PROVISION -> new Provisioning(history, rules, judge, request, checkpoint);
            case REBUILD -> new Rebuilding(directory, resources, judge, request, checkpoint);
            case REDRIVE -> new Redriving(letters, rules, directory, request, reached, checkpoint);
        };
    }
}
