package io.tokenbroker.lifecycle;

import io.tokenbroker.directory.AcsIdentityId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What ACS has, whoever hears of it: each identity with the epochs of its tokens that are still good. */
final class LedgerModel {

    private final Map<AcsIdentityId, List<Long>> goodTokens = new HashMap<>();
    private int made;

    Set<AcsIdentityId> live() {
        return goodTokens.keySet();
    }

    /** Does what is asked at once; whether anybody hears of it is another matter. */
    StepResult work(Step step) {
        return switch (step) {
            case Step.CreateIdentity create -> new StepResult.IdentityCreated(make(), null);
            case Step.CreateIdentityWithToken create -> {
                AcsIdentityId identityId = make();
                issue(identityId, create.epoch());
                yield new StepResult.IdentityCreated(
                        identityId, new StepResult.FirstToken(create.scopes(), Users.NINE, Users.NINE, "sha"));
            }
            case Step.RevokeTokens revoke -> {
                tokensOf(revoke.identityId()).clear();
                yield new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
            }
            case Step.DeleteIdentity delete -> {
                goodTokens.remove(delete.identityId());
                yield new StepResult.IdentityDeleted(delete.identityId());
            }
        };
    }

    AcsIdentityId make() {
        AcsIdentityId identityId = Users.identity(++made);
        goodTokens.put(identityId, new ArrayList<>());
        return identityId;
    }

    void issue(AcsIdentityId identityId, long epoch) {
        tokensOf(identityId).add(epoch);
    }

    /** Epochs of the good tokens; none where the identity is no more. */
    List<Long> tokensOf(AcsIdentityId identityId) {
        return goodTokens.getOrDefault(identityId, new ArrayList<>());
    }
}
