package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.UserEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What an event does to a user. Pure: the same entry and event give the same decision.
 *
 * <p>An event changes only what upstream wants, and that at once. What ACS has to be asked follows from the entry
 * ({@link #nextStep}), and its answer is folded into whatever the entry has become meanwhile ({@link #completed}). So
 * events that wait are conflated to their net effect, and a crash between any two steps loses nothing: the entry still
 * says what is missing.
 */
public final class Rules {

    /** {@code reason} of a {@code tokens.revoked} event after a suspension. */
    public static final String SUSPENDED = "suspended";

    /** After a request to revoke every token. */
    public static final String SESSIONS_REVOKED = "sessions-revoked";

    /** After a {@code created} event with fewer scopes than the user had. */
    public static final String SCOPES_NARROWED = "scopes-narrowed";

    /** After a replay has given the user another identity. */
    public static final String IDENTITY_REPLACED = "identity-replaced";

    private static final String DELETED = "deleted";

    private final TokenDefaults defaults;
    private final IdentityOwnership ownership;
    private final Announcements announcements = new Announcements();
    private final Reconciliation reconciliation = new Reconciliation(this);

    public Rules(TokenDefaults defaults, IdentityOwnership ownership) {
        this.defaults = defaults;
        this.ownership = ownership;
    }

    /** The same rules for whoever only asks what they would decide: they keep no identity for anybody. */
    public Rules rehearsing() {
        return new Rules(defaults, ownership.withoutClaims());
    }

    /** Decides one event. Events at or before the entry's {@code lastApplied} are the caller's to skip. */
    public Decision apply(DirectoryEntry entry, UserEvent event, LogPosition position, Instant now) {
        Draft draft = new Draft(entry);
        draft.decide(position, entry.appliedAt());
        if (StaleRule.isStale(entry.seen(), event)) {
            draft.lastVerdict = Verdict.STALE;
            return draft.toDecision();
        }
        draft.lastVerdict = Verdict.APPLIED;
        switch (event.event()) {
            case UserCreated created -> created(draft, created);
            case UserSuspended suspended -> suspend(draft);
            case UserResumed resumed -> resume(draft);
            case SessionsRevoked revoked -> revokeSessions(draft);
            case UserDeleted deleted -> delete(draft);
            case ReconcileRequested reconcile -> reconciliation.apply(draft, entry, reconcile);
        }
        if (draft.lastVerdict == Verdict.APPLIED) {
            if (!(event.event() instanceof ReconcileRequested)) {
                draft.decidedAt = null;
            }
            draft.lastEvent = event.ref();
            draft.parked = null;
            draft.updatedOn = now;
            StaleRule.aspectOf(event.event())
                    .ifPresent(aspect -> draft.remember(
                            aspect,
                            event.ref().source(),
                            event.sequence(),
                            event.ref().time()));
            announcements.whenSettled(draft);
        }
        return draft.toDecision();
    }

    /** Remembers that a record of this user could not be read, so that it is not dead-lettered twice. */
    public DirectoryEntry refused(DirectoryEntry entry, LogPosition position) {
        Draft draft = new Draft(entry);
        draft.decide(position, entry.appliedAt());
        draft.lastVerdict = Verdict.REFUSED;
        return draft.toDecision().next();
    }

    /** The call to ACS that the entry needs next; none while its work is parked. */
    public Optional<Step> nextStep(DirectoryEntry entry) {
        if (entry.parked() != null) {
            return Optional.empty();
        }
        if (!entry.doomed().isEmpty()) {
            return Optional.of(new Step.DeleteIdentity(entry.doomed().getFirst()));
        }
        AcsIdentityId identityId = entry.identityId();
        if (identityId == null) {
            return switch (entry.standing()) {
                case UNKNOWN, GONE -> Optional.empty();
                case ACTIVE, SUSPENDED -> Optional.of(create(entry));
            };
        }
        return entry.revoking() ? Optional.of(new Step.RevokeTokens(identityId, entry.tokenEpoch())) : Optional.empty();
    }

    /** Folds an answer of ACS into the entry as it is now, which may be newer than the one the step came from. */
    public Decision completed(DirectoryEntry entry, Step step, StepResult result, Instant now) {
        Draft draft = new Draft(entry);
        draft.updatedOn = now;
        switch (result) {
            case StepResult.IdentityCreated created -> identityCreated(draft, step, created);
            case StepResult.TokensRevoked revoked -> {
                if (revoked.identityId().equals(draft.identityId)) {
                    draft.revokedEpoch = Math.max(draft.revokedEpoch, revoked.epoch());
                }
                announcements.tokensRevoked(draft, revoked.identityId());
            }
            case StepResult.IdentityDeleted deleted -> {
                announcements.identityDeleted(draft, deleted.identityId());
                draft.doomed.remove(deleted.identityId());
            }
        }
        announcements.whenSettled(draft);
        return draft.toDecision();
    }

    /** Gives the entry's work up until the user's next event. */
    public DirectoryEntry park(DirectoryEntry entry, String reason, Instant now) {
        Draft draft = new Draft(entry);
        String eventId = entry.lastEvent() == null ? "" : entry.lastEvent().id();
        draft.parked = new Parked(eventId, reason, now);
        draft.updatedOn = now;
        return draft.toDecision().next();
    }

    private Step create(DirectoryEntry entry) {
        if (!entry.firstToken() || entry.standing() != Standing.ACTIVE) {
            return new Step.CreateIdentity();
        }
        Integer own = entry.lifetimeMinutes();
        return new Step.CreateIdentityWithToken(
                defaults.effective(entry.scopes()), own == null ? defaults.lifetimeMinutes() : own, entry.tokenEpoch());
    }

    void created(Draft draft, UserCreated event) {
        AcsIdentityId adopted = event.identityId() == null ? null : new AcsIdentityId(event.identityId());
        if (adopted != null) {
            Optional<String> refusal = refusalToAdopt(draft, adopted);
            if (refusal.isPresent()) {
                draft.refuse(refusal.get());
                return;
            }
        }
        Set<String> scopes = event.scopes() == null ? Set.of() : event.scopes();
        switch (draft.standing) {
            case UNKNOWN, GONE -> {
                draft.standing = Standing.ACTIVE;
                draft.firstToken = defaults.firstToken() && adopted == null;
            }
            case ACTIVE, SUSPENDED -> {
                if (!defaults.effective(scopes).containsAll(defaults.effective(draft.scopes))) {
                    draft.voidTokens(SCOPES_NARROWED);
                }
            }
        }
        draft.scopes = scopes;
        draft.lifetimeMinutes = event.expiresInMinutes();
        if (adopted != null && draft.identityId == null) {
            announcements.identityReplaced(draft);
            draft.identityId = adopted;
            draft.firstToken = false;
            // it may have tokens of an earlier life, which a suspended user must not keep
            draft.revokedEpoch = draft.standing == Standing.SUSPENDED ? draft.tokenEpoch - 1 : draft.tokenEpoch;
            announcements.provisioned(draft, adopted);
        }
    }

    private Optional<String> refusalToAdopt(Draft draft, AcsIdentityId adopted) {
        if (ownership.isForeign(adopted)) {
            return Optional.of(
                    "data.identityId is '" + adopted + "'; allowed: an identity of the broker's ACS resource");
        }
        if (draft.identityId != null && !draft.identityId.equals(adopted)) {
            return Optional.of("data.identityId is '" + adopted + "', but the user has another identity; allowed: '"
                    + draft.identityId + "' or none");
        }
        if (draft.doomed.contains(adopted)
                || ownership.claim(adopted, draft.userId).isPresent()) {
            return Optional.of("data.identityId is '" + adopted + "', which is taken; allowed: an identity of no user");
        }
        return Optional.empty();
    }

    static void suspend(Draft draft) {
        switch (draft.standing) {
            case UNKNOWN, GONE -> draft.lastVerdict = Verdict.IGNORED;
            case SUSPENDED -> {}
            case ACTIVE -> {
                draft.standing = Standing.SUSPENDED;
                draft.voidTokens(SUSPENDED);
            }
        }
    }

    static void resume(Draft draft) {
        switch (draft.standing) {
            case UNKNOWN, GONE -> draft.lastVerdict = Verdict.IGNORED;
            case ACTIVE -> {}
            case SUSPENDED -> draft.standing = Standing.ACTIVE;
        }
    }

    private static void revokeSessions(Draft draft) {
        switch (draft.standing) {
            case UNKNOWN, GONE -> draft.lastVerdict = Verdict.IGNORED;
            case ACTIVE, SUSPENDED -> draft.voidTokens(SESSIONS_REVOKED);
        }
    }

    static void delete(Draft draft) {
        switch (draft.standing) {
            case GONE -> {}
            // remembered all the same, so that a late `created` of the same source stays without effect
            case UNKNOWN -> draft.standing = Standing.GONE;
            case ACTIVE, SUSPENDED -> {
                draft.standing = Standing.GONE;
                draft.giveUpIdentity();
                draft.voidTokens(DELETED);
                draft.scopes = Set.of();
                draft.lifetimeMinutes = null;
                draft.firstToken = false;
            }
        }
    }

    private void identityCreated(Draft draft, Step step, StepResult.IdentityCreated created) {
        if (!draft.exists() || draft.identityId != null || !draft.doomed.isEmpty()) {
            // the user was deleted, or was given another identity, while ACS made this one
            draft.doomed.add(created.identityId());
            return;
        }
        draft.identityId = created.identityId();
        draft.firstToken = false;
        draft.revokedEpoch = epochKnownToAcs(draft, step);
        announcements.provisioned(draft, created.identityId());
        announcements.firstToken(draft, created.identityId(), created.firstToken());
    }

    /** A token that came with the identity belongs to the epoch in which it was asked for. */
    private static long epochKnownToAcs(Draft draft, Step step) {
        return step instanceof Step.CreateIdentityWithToken withToken ? withToken.epoch() : draft.tokenEpoch;
    }
}
