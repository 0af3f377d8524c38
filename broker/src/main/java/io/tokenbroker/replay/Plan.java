package io.tokenbroker.replay;

import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.DeadLetters.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay will do, as far as can be said before.
 *
 * @param users by what will become of them; where the mode is about dead letters, these
 * @param samples some of them, by the same
 * @param calls what ACS will be asked
 * @param time how long the quota makes that take, were there nothing else
 * @param scanned what was found on the way
 */
public record Plan(
        Map<ReplayOutcome, Long> users,
        Map<ReplayOutcome, List<Sample>> samples,
        Calls calls,
        Duration time,
        Scanned scanned) {

    private static final int SAMPLES = 5;

    /**
     * @param letter the place of the dead letter, where it is one
     * @param reason why it cannot or need not be done; of a dead letter that is appended again, why it was one
     */
    public record Sample(
            @Nullable String userId,
            @Nullable Place letter,
            @Nullable String reason) {
        static Sample of(Judgement judgement) {
            UserId userId = judgement.userId();
            return new Sample(userId == null ? null : userId.value(), judgement.letter(), judgement.reason());
        }
    }

    public Plan {
        users = Map.copyOf(users);
        samples = Map.copyOf(samples);
    }

    /** None where there are none. */
    public long of(ReplayOutcome outcome) {
        return users.getOrDefault(outcome, 0L);
    }

    /** How many users will be changed, or dead letters appended. */
    public long changes() {
        return of(ReplayOutcome.CREATED)
                + of(ReplayOutcome.MOVED)
                + of(ReplayOutcome.CHANGED)
                + of(ReplayOutcome.DELETED)
                + of(ReplayOutcome.REDRIVEN);
    }

    /** How many users were looked at. */
    public long total() {
        return users.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Goes through the candidates, a second time where the first has shown that some records lie away from home. */
    static Plan of(Candidates candidates, Calls.Quota quota) {
        Draft draft = new Draft();
        Scanned scanned = candidates.forEach(false, draft::add);
        if (scanned.strays() > 0) {
            draft = new Draft();
            scanned = candidates.forEach(true, draft::add);
        }
        return new Plan(draft.users, draft.samples, draft.calls, draft.calls.time(quota), scanned);
    }

    private static final class Draft {
        private final Map<ReplayOutcome, Long> users = new EnumMap<>(ReplayOutcome.class);
        private final Map<ReplayOutcome, List<Sample>> samples = new EnumMap<>(ReplayOutcome.class);
        private Calls calls = Calls.NONE;

        void add(Judgement judgement) {
            users.merge(judgement.outcome(), 1L, Long::sum);
            List<Sample> some = samples.computeIfAbsent(judgement.outcome(), outcome -> new ArrayList<>());
            if (some.size() < SAMPLES) {
                some.add(Sample.of(judgement));
            }
            calls = calls.plus(judgement.calls());
        }
    }
}
