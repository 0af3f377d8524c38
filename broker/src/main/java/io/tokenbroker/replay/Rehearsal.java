package io.tokenbroker.replay;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import java.time.Instant;
import java.util.Optional;

/** Plays an entry to its end against an ACS that always does as asked, and counts the calls. */
final class Rehearsal {

    private static final AcsIdentityId SOME =
            new AcsIdentityId("8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000");

    private final Rules rules;

    Rehearsal(Rules rules) {
        this.rules = rules;
    }

    Calls callsOf(DirectoryEntry entry) {
        Calls calls = Calls.NONE;
        DirectoryEntry now = entry;
        for (Optional<Step> step = rules.nextStep(now); step.isPresent(); step = rules.nextStep(now)) {
            calls = calls.plus(Calls.one(Calls.Kind.of(step.get())));
            now = rules.completed(now, step.get(), answer(step.get()), Instant.EPOCH)
                    .next();
        }
        return calls;
    }

    private static StepResult answer(Step step) {
        return switch (step) {
            case Step.CreateIdentity create -> new StepResult.IdentityCreated(SOME, null);
            case Step.CreateIdentityWithToken create -> new StepResult.IdentityCreated(SOME, null);
            case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
            case Step.DeleteIdentity delete -> new StepResult.IdentityDeleted(delete.identityId());
        };
    }
}
