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

    void tokensRevoked(Draft draft, AcsIdentityId identityId) {
        String reason = draft.revokeReason == null ? Rules.SESSIONS_REVOKED : draft.revokeReason;
        draft.outcomes.add(new TokensRevoked(draft.userId.value(), identityId.value(), reason));
    }

    void identityDeleted(Draft draft, AcsIdentityId identityId) {
        // an identity that lost a race was never announced, and is not now
        boolean wasTheirs = draft.announced == Standing.ACTIVE || draft.announced == Standing.SUSPENDED;
        if (wasTheirs && draft.identityId == null) {
            draft.announce(new IdentityDeleted(draft.userId.value(), identityId.value()), Standing.GONE);
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
