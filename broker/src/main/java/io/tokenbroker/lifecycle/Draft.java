package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Replayed;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.OutcomeEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entry on its way from one state to the next, and what is announced on the way. Lives within one decision. */
final class Draft {

    final UserId userId;
    Standing standing;

    @Nullable AcsIdentityId identityId;

    final List<AcsIdentityId> doomed;
    Set<String> scopes;

    @Nullable Integer lifetimeMinutes;

    boolean firstToken;
    long tokenEpoch;
    long revokedEpoch;

    @Nullable String revokeReason;

    Standing announced;
    List<Seen> seen;

    @Nullable LogPosition lastApplied;

    Verdict lastVerdict;

    @Nullable EventRef lastEvent;

    @Nullable Parked parked;

    Instant updatedOn;

    @Nullable LogPosition decidedAt;

    @Nullable Replayed lastReplay;

    final List<OutcomeEvent> outcomes = new ArrayList<>();
    boolean takesAway;

    @Nullable String refusal;

    Draft(DirectoryEntry entry) {
        userId = entry.userId();
        standing = entry.standing();
        identityId = entry.identityId();
        doomed = new ArrayList<>(entry.doomed());
        scopes = entry.scopes();
        lifetimeMinutes = entry.lifetimeMinutes();
        firstToken = entry.firstToken();
        tokenEpoch = entry.tokenEpoch();
        revokedEpoch = entry.revokedEpoch();
        revokeReason = entry.revokeReason();
        announced = entry.announced();
        seen = entry.seen();
        lastApplied = entry.lastApplied();
        lastVerdict = entry.lastVerdict();
        lastEvent = entry.lastEvent();
        parked = entry.parked();
        updatedOn = entry.updatedOn();
        decidedAt = entry.decidedAt();
        lastReplay = entry.lastReplay();
    }

    /** Every token issued so far loses its right. */
    void voidTokens(String reason) {
        tokenEpoch++;
        revokeReason = reason;
        takesAway = true;
    }

    /** The identity, if any, is no longer the user's. */
    void giveUpIdentity() {
        if (identityId != null) {
            // before those that were never theirs, which is how the one that was announced is told from them
            doomed.addFirst(identityId);
            identityId = null;
        }
    }

    /** Whether callers were told of an identity and not yet of its end. */
    boolean hasAnnouncedIdentity() {
        return announced == Standing.ACTIVE || announced == Standing.SUSPENDED;
    }

    void announce(OutcomeEvent outcome, Standing standingTold) {
        outcomes.add(outcome);
        announced = standingTold;
    }

    void refuse(String reason) {
        refusal = reason;
        lastVerdict = Verdict.REFUSED;
    }

    /** The latest record is decided; whether it becomes the latest one applied is seen later. */
    void decide(LogPosition position, @Nullable LogPosition appliedBefore) {
        lastApplied = position;
        decidedAt = appliedBefore;
    }

    boolean exists() {
        return standing == Standing.ACTIVE || standing == Standing.SUSPENDED;
    }

    void remember(Aspect aspect, String source, @Nullable String sequence, Instant time) {
        seen = StaleRule.remember(seen, aspect, source, sequence, time);
    }

    Decision toDecision() {
        DirectoryEntry next = new DirectoryEntry(
                userId,
                standing,
                identityId,
                doomed,
                scopes,
                lifetimeMinutes,
                firstToken,
                tokenEpoch,
                revokedEpoch,
                revokeReason,
                announced,
                seen,
                lastApplied,
                lastVerdict,
                lastEvent,
                parked,
                updatedOn,
                decidedAt,
                lastReplay);
        return new Decision(next, outcomes, takesAway, refusal);
    }
}
