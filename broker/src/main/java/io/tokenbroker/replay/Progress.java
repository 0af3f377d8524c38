package io.tokenbroker.replay;

import io.tokenbroker.directory.ReplayOutcome;
import java.util.EnumMap;
import java.util.Map;

/**
 * How far a job has come with applying.
 *
 * @param total users to be changed; in a redrive, here and below, dead letters for users
 * @param done users whose change, or whatever came of it, is done at ACS too
 * @param outstanding users asked for and not done
 * @param users everybody dealt with so far, those included who needed nothing
 * @param parked of those done, whose work ACS would not do
 * @param perSecond users done, of late
 */
public record Progress(
        long total, long done, long outstanding, Map<ReplayOutcome, Long> users, long parked, double perSecond) {

    public Progress {
        Map<ReplayOutcome, Long> copy = new EnumMap<>(ReplayOutcome.class);
        copy.putAll(users);
        users = Map.copyOf(copy);
    }

    /** None where there are none. */
    public long of(ReplayOutcome outcome) {
        return users.getOrDefault(outcome, 0L);
    }

    public long remaining() {
        return Math.max(0, total - done);
    }

    /** Seconds to the end at the present rate; -1 where that cannot be told. */
    public long etaSeconds() {
        return remaining() == 0 ? 0 : perSecond <= 0 ? -1 : (long) Math.ceil(remaining() / perSecond);
    }
}
