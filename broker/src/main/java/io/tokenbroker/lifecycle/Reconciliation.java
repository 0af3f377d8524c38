package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Replayed;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.Desired;
import io.tokenbroker.events.ReconcileRequested.State;
import io.tokenbroker.events.ReconcileRequested.Version;
import io.tokenbroker.events.UserCreated;
import java.util.Comparator;
import java.util.Objects;

/**
 * How a user is made to match what a replay folded from the log. The entry remembers which job decided it and how, so
 * that the second request of one job does nothing. What was applied later than the fold stands.
 */
final class Reconciliation {

    private final Rules rules;

    Reconciliation(Rules rules) {
        this.rules = rules;
    }

    void apply(Draft draft, DirectoryEntry entry, ReconcileRequested request) {
        if (entry.wasReplayedBy(request.job())) {
            // what was given up is tried again all the same
            draft.lastVerdict = entry.parked() == null ? Verdict.IGNORED : Verdict.APPLIED;
            return;
        }
        ReplayOutcome outcome =
                request.replaces() == null ? match(draft, entry, request) : replace(draft, entry, request);
        draft.lastReplay = new Replayed(request.job(), outcome);
        if (outcome == ReplayOutcome.SUPERSEDED) {
            draft.lastVerdict = Verdict.IGNORED;
        }
    }

    private static ReplayOutcome replace(Draft draft, DirectoryEntry entry, ReconcileRequested request) {
        AcsIdentityId has = entry.identityId();
        if (has == null || !has.value().equals(request.replaces())) {
            return ReplayOutcome.SUPERSEDED;
        }
        draft.giveUpIdentity();
        draft.voidTokens(Rules.IDENTITY_REPLACED);
        draft.firstToken = request.withToken();
        return ReplayOutcome.MOVED;
    }

    private ReplayOutcome match(Draft draft, DirectoryEntry entry, ReconcileRequested request) {
        Desired desired = request.desired();
        if (isSuperseded(entry, request)) {
            return ReplayOutcome.SUPERSEDED;
        }
        if (desired.state() == State.DELETED) {
            Rules.delete(draft);
        } else {
            make(draft, request);
        }
        if (draft.lastVerdict == Verdict.REFUSED) {
            return ReplayOutcome.REFUSED;
        }
        // the entry is of the log as it was when it was folded, not of now
        draft.decidedAt = asOf(request);
        desired.versions().stream()
                .sorted(Comparator.comparing(Version::time))
                .forEach(version ->
                        draft.remember(aspect(version), version.source(), version.sequence(), version.time()));
        return outcome(entry, draft);
    }

    private void make(Draft draft, ReconcileRequested request) {
        Desired desired = request.desired();
        boolean isNew = !draft.exists();
        rules.created(
                draft,
                new UserCreated(request.userId(), desired.scopes(), desired.expiresInMinutes(), desired.identityId()));
        if (draft.lastVerdict == Verdict.REFUSED) {
            return;
        }
        if (isNew) {
            draft.firstToken = request.withToken() && desired.identityId() == null;
        }
        if (desired.state() == State.SUSPENDED) {
            Rules.suspend(draft);
        } else if (desired.versions().stream().anyMatch(version -> aspect(version) == Aspect.ACCESS)) {
            // without one nothing was folded that could lift a suspension
            Rules.resume(draft);
        }
    }

    /** Positions tell where both are of one topic; where the topic was made anew, the events' own versions do. */
    private static boolean isSuperseded(DirectoryEntry entry, ReconcileRequested request) {
        LogPosition applied = entry.appliedAt();
        return (applied != null && applied.isAfter(asOf(request)))
                || request.desired().versions().stream()
                        .anyMatch(version -> StaleRule.isStale(
                                entry.seen(), aspect(version), version.source(), version.sequence(), version.time()));
    }

    private static ReplayOutcome outcome(DirectoryEntry before, Draft after) {
        boolean existed = before.standing() == Standing.ACTIVE || before.standing() == Standing.SUSPENDED;
        boolean isParked = before.parked() != null;
        if (after.exists() && (!existed || (isParked && before.identityId() == null))) {
            return ReplayOutcome.CREATED;
        }
        if (existed && !after.exists()) {
            return ReplayOutcome.DELETED;
        }
        boolean same = !isParked
                && (after.standing == before.standing() || !after.exists())
                && after.tokenEpoch == before.tokenEpoch()
                && after.scopes.equals(before.scopes())
                && Objects.equals(after.lifetimeMinutes, before.lifetimeMinutes())
                && Objects.equals(after.identityId, before.identityId());
        return same ? ReplayOutcome.UNCHANGED : ReplayOutcome.CHANGED;
    }

    private static LogPosition asOf(ReconcileRequested request) {
        ReconcileRequested.AsOf asOf = request.asOf();
        return new LogPosition(asOf.topicId(), asOf.partition(), asOf.offset());
    }

    private static Aspect aspect(Version version) {
        return switch (version.aspect()) {
            case EXISTENCE -> Aspect.EXISTENCE;
            case ACCESS -> Aspect.ACCESS;
        };
    }
}
