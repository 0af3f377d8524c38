package io.tokenbroker.replay;

import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.DeadLetters.Place;
import org.jspecify.annotations.Nullable;

/**
 * What the replay would do to one user, or has done; or what a redrive would do with one dead letter.
 *
 * @param userId {@code null} where a dead letter does not tell
 * @param letter the dead letter it is about; {@code null} for a user
 * @param reason why it cannot or need not be done; of a dead letter that is appended again, why it was one
 * @param decided whether it was done before, in an earlier run of the same job; perhaps not at ACS yet
 * @param calls what ACS has to be asked for it
 * @param ask what is appended for it; {@code null} where there is nothing to ask for
 */
record Judgement(
        @Nullable UserId userId,
        @Nullable Place letter,
        ReplayOutcome outcome,
        @Nullable String reason,
        boolean decided,
        Calls calls,
        @Nullable Ask ask) {

    /** There is nothing to be done, for this reason. */
    static Judgement without(UserId userId, ReplayOutcome outcome, @Nullable String reason) {
        return new Judgement(userId, null, outcome, reason, false, Calls.NONE, null);
    }

    /** An earlier run of the job has seen to this user. */
    static Judgement decided(UserId userId, ReplayOutcome outcome) {
        return new Judgement(userId, null, outcome, null, true, Calls.NONE, null);
    }

    /** The dead letter is left where it is. */
    static Judgement of(Letter letter, ReplayOutcome outcome, String reason) {
        Place place = letter.listed().place();
        return new Judgement(letter.userId(), place, outcome, reason, false, Calls.NONE, null);
    }

    /** The dead letter is appended. */
    static Judgement again(Letter letter, Letter.Content.Event readable, Calls calls) {
        Place place = letter.listed().place();
        UserId userId = readable.event().userId();
        Ask ask = new Ask.Again(place, userId, readable.original());
        return new Judgement(
                userId, place, ReplayOutcome.REDRIVEN, letter.listed().reason(), false, calls, ask);
    }
}
