package io.tokenbroker.pipeline;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.outcomes.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/**
 * One user's work in progress. Events are folded into the entry as they come, so however many wait for ACS they take
 * the room of one. Confined to the partition's thread.
 */
final class Lane {

    /** One call to ACS, from waiting for its turn to its answer. */
    static final class Call {
        final String id;
        final Step step;
        final @Nullable EventRef cause;

        /** How much ACS had answered when the call was made. */
        long answeredBefore;

        /** From here on the call cannot be taken back. */
        boolean begun;

        /** A create is known in the user's intent by the id of the call. */
        boolean inIntent;

        @Nullable MonoSink<Void> intentWritten;

        @Nullable Disposable subscription;

        Call(String id, Step step, @Nullable EventRef cause, long answeredBefore) {
            this.id = id;
            this.step = step;
            this.cause = cause;
            this.answeredBefore = answeredBefore;
        }
    }

    static final long NOTHING_HELD = -1;

    final UserId userId;
    DirectoryEntry entry;
    CreateIntent intent;

    boolean entryChanged;

    /** The change loses nothing by going with a later transaction: nobody was told of it, and its record is held. */
    boolean entryMayWait;

    boolean intentChanged;
    final List<Outcome> outcomes = new ArrayList<>();
    final List<DeadLetter> deadLetters = new ArrayList<>();

    /** Identities ACS has made for this user that have been in no transaction yet. */
    final List<AcsIdentityId> made = new ArrayList<>();

    /** Set while ACS must not be asked, because something the user lost, or an answer, is not durable yet. */
    boolean commitFirst;

    /** In the transaction that is being committed. */
    boolean inFlight;

    /** The first record that is not done, by which the lane holds the watermark. */
    long held = NOTHING_HELD;

    /** The record the entry's missing work goes back to, for a dead letter. */
    @Nullable RawRecord cause;

    /** What the lane takes of the admission bound. */
    int cost;

    @Nullable Call call;

    @Nullable Disposable backoff;

    /** The step that the failures are of. */
    @Nullable Step failed;

    int failures;
    int countedFailures;

    Lane(DirectoryEntry entry, CreateIntent intent) {
        this.userId = entry.userId();
        this.entry = entry;
        this.intent = intent;
    }

    boolean hasSomethingToCommit() {
        return entryChanged || intentChanged || !outcomes.isEmpty() || !deadLetters.isEmpty();
    }

    boolean isIdle() {
        return call == null && backoff == null && !inFlight && held == NOTHING_HELD && !hasSomethingToCommit();
    }

    /** A failure of another kind of work, or none any more, does not count against what comes now. */
    void forgetFailures() {
        failed = null;
        failures = 0;
        countedFailures = 0;
    }
}
