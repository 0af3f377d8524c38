package io.tokenbroker.replay;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Replayed;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.AsOf;
import io.tokenbroker.events.ReconcileRequested.Desired;
import io.tokenbroker.events.ReconcileRequested.State;
import io.tokenbroker.events.ReconcileRequested.Version;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.lifecycle.Decision;
import io.tokenbroker.lifecycle.Rules;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a user shall be with what the directory says, by asking the pipeline's own rules what they would make of
 * the request. So a plan says what applying will do, unless the user's events come between.
 */
final class Judge {

    private final Rules rules;
    private final Rehearsal rehearsal;
    private final DirectoryView directory;
    private final ReplayRequest request;

    Judge(Rules rules, DirectoryView directory, ReplayRequest request) {
        this.rules = rules;
        this.rehearsal = new Rehearsal(rules);
        this.directory = directory;
        this.request = request;
    }

    /** Of a user as the span at home, and strays, were folded. */
    Judgement provision(DirectoryEntry folded, ScanRange.Span span) {
        if (folded.standing() == Standing.UNKNOWN) {
            return Judgement.without(
                    folded.userId(), ReplayOutcome.REFUSED, "the range does not say whether the user exists");
        }
        DirectoryEntry entry = entryOf(folded);
        Desired desired = new Desired(
                state(folded),
                folded.scopes().isEmpty() ? null : folded.scopes(),
                folded.lifetimeMinutes(),
                text(folded.identityId()),
                folded.seen().stream().map(Judge::version).toList());
        return judge(entry, desired, asOf(folded, span), null);
    }

    /** Of a user who has an identity that is to be replaced. */
    Judgement rebuild(DirectoryEntry entry) {
        LogPosition applied = entry.appliedAt();
        AsOf asOf = applied == null
                ? new AsOf(request.range().topicId(), 0, 0)
                : new AsOf(applied.topicId(), applied.partition(), applied.offset());
        Set<String> scopes = entry.scopes().isEmpty() ? null : entry.scopes();
        Desired desired = new Desired(
                state(entry),
                scopes,
                entry.lifetimeMinutes(),
                null,
                entry.seen().stream().map(Judge::version).toList());
        return judge(entry, desired, asOf, text(entry.identityId()));
    }

    private Judgement judge(DirectoryEntry entry, Desired desired, AsOf asOf, @Nullable String replaces) {
        Replayed before = entry.lastReplay();
        if (before != null && entry.wasReplayedBy(request.id())) {
            return Judgement.decided(entry.userId(), before.outcome());
        }
        if (desired.state() == State.DELETED && entry.state().isEmpty()) {
            return Judgement.without(entry.userId(), ReplayOutcome.UNCHANGED, null);
        }
        ReconcileRequested asked = new ReconcileRequested(
                entry.userId().value(), request.id(), desired, asOf, request.withTokens(), replaces);
        Decision decision = rules.apply(entry, event(entry, asked), positionOf(asOf), Instant.EPOCH);
        Replayed after = decision.next().lastReplay();
        ReplayOutcome outcome = after == null ? ReplayOutcome.UNCHANGED : after.outcome();
        return switch (outcome) {
            case CREATED, MOVED, CHANGED, DELETED ->
                new Judgement(
                        entry.userId(),
                        null,
                        outcome,
                        null,
                        false,
                        rehearsal.callsOf(decision.next()),
                        new Ask.Reconcile(asked));
            case UNCHANGED, SUPERSEDED, REFUSED, REDRIVEN ->
                Judgement.without(entry.userId(), outcome, decision.refused().orElse(null));
        };
    }

    private DirectoryEntry entryOf(DirectoryEntry folded) {
        return directory.find(folded.userId()).orElseGet(() -> DirectoryEntry.unknown(folded.userId()));
    }

    private UserEvent event(DirectoryEntry entry, ReconcileRequested asked) {
        EventRef ref = new EventRef(request.id(), "", asked.type(), Instant.EPOCH, null, null);
        return new UserEvent(entry.userId(), asked, ref, null, false);
    }

    /** Where the last event lies that made the user so; of a stray, the end of what was read at home. */
    private AsOf asOf(DirectoryEntry folded, ScanRange.Span span) {
        LogPosition applied = folded.appliedAt();
        long offset = applied != null && applied.partition() == span.partition() ? applied.offset() : span.to() - 1;
        return new AsOf(request.range().topicId(), span.partition(), Math.max(0, offset));
    }

    private static LogPosition positionOf(AsOf asOf) {
        return new LogPosition(asOf.topicId(), asOf.partition(), asOf.offset());
    }

    private static State state(DirectoryEntry entry) {
        return switch (entry.standing()) {
            case ACTIVE -> State.ACTIVE;
            case SUSPENDED -> State.SUSPENDED;
            case UNKNOWN, GONE -> State.DELETED;
        };
    }

    private static Version version(Seen seen) {
        ReconcileRequested.Aspect aspect = seen.aspect() == Aspect.EXISTENCE
                ? ReconcileRequested.Aspect.EXISTENCE
                : ReconcileRequested.Aspect.ACCESS;
        return new Version(aspect, seen.source(), seen.sequence(), seen.time());
    }

    private static @Nullable String text(@Nullable AcsIdentityId identityId) {
        return identityId == null ? null : identityId.value();
    }
}
