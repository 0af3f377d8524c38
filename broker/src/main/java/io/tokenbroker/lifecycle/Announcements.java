package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentityResumed;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.events.TokensRevoked;
import org.jspecify.annotations.Nullable;

/** Which outcomes a change of an entry is told by. Each is told once: the entry remembers what was. */
final class Announcements {

    void provisioned(Draft draft, AcsIdentityId identityId) {
        draft.announce(new IdentityProvisioned(draft.userId.value(), identityId.value()), Standing.ACTIVE);
    }

    void firstToken(Draft draft, AcsIdentityId identityId, StepResult.@Nullable FirstToken token) {
        if (token != null) {
            draft.outcomes.add(new TokenIssued(
                    draft.userId.value(),
                    identityId.value(),
                    token.scopes(),
                    token.issuedOn(),
                    token.expiresOn(),
                    token.tokenId(),
                    "first-token"));
        }
    }

    /** An answer that comes after the identity was told to be gone is not told: nobody knows of it any more. */
    void tokensRevoked(Draft draft, AcsIdentityId identityId) {
        if (identityId.equals(draft.identityId) || isLeaving(draft, identityId)) {
            String reason = draft.revokeReason == null ? Rules.SESSIONS_REVOKED : draft.revokeReason;
            draft.outcomes.add(new TokensRevoked(draft.userId.value(), identityId.value(), reason));
        }
    }

    /** ACS has deleted one of the doomed; an identity that lost a race was never announced, and is not now. */
    void identityDeleted(Draft draft, AcsIdentityId identityId) {
        if (isLeaving(draft, identityId)) {
            draft.announce(new IdentityDeleted(draft.userId.value(), identityId.value()), Standing.GONE);
        }
    }

    /** Whether this is the identity that was told last, which ACS is to delete and whose end is still to be told. */
    private static boolean isLeaving(Draft draft, AcsIdentityId identityId) {
        boolean isFirst = !draft.doomed.isEmpty() && draft.doomed.getFirst().equals(identityId);
        return draft.identityId == null && isFirst && draft.hasAnnouncedIdentity();
    }

    /** The user is given an identity while ACS still has the former one: that one is told to be gone first. */
    void identityReplaced(Draft draft) {
        if (!draft.doomed.isEmpty() && draft.hasAnnouncedIdentity()) {
            String former = draft.doomed.getFirst().value();
            draft.announce(new IdentityDeleted(draft.userId.value(), former), Standing.GONE);
        }
    }

    /** Tells suspended and resumed only once ACS has nothing more to do for the user. */
    void whenSettled(Draft draft) {
        AcsIdentityId identityId = draft.identityId;
        if (identityId == null || draft.revokedEpoch < draft.tokenEpoch || draft.announced == draft.standing) {
            return;
        }
        switch (draft.standing) {
            case SUSPENDED ->
                draft.announce(new IdentitySuspended(draft.userId.value(), identityId.value()), Standing.SUSPENDED);
            case ACTIVE ->
                draft.announce(new IdentityResumed(draft.userId.value(), identityId.value()), Standing.ACTIVE);
            case UNKNOWN, GONE -> {}
        }
    }
}
