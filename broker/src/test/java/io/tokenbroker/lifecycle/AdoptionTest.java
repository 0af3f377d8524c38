package io.tokenbroker.lifecycle;

import static io.tokenbroker.lifecycle.Users.DELETED;
import static io.tokenbroker.lifecycle.Users.RULES;
import static io.tokenbroker.lifecycle.Users.SUSPENDED;
import static io.tokenbroker.lifecycle.Users.aUserBeingProvisioned;
import static io.tokenbroker.lifecycle.Users.adopting;
import static io.tokenbroker.lifecycle.Users.anActiveUser;
import static io.tokenbroker.lifecycle.Users.anUnknownUser;
import static io.tokenbroker.lifecycle.Users.identity;
import static io.tokenbroker.lifecycle.Users.made;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.IdentityDeleted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdoptionTest {

    private static final AcsIdentityId THEIRS = identity(7);

    @AfterEach
    void nobodyHoldsAnything() {
        Users.HOLDERS.clear();
    }

    @Test
    void anAdoptedIdentityNeedsNoCall() {
        Users alice = anUnknownUser().on(adopting(THEIRS));

        assertThat(alice.entry.identityId()).isEqualTo(THEIRS);
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.announced()).containsExactly("identity.provisioned");
    }

    @Test
    void aForeignIdentityIsRefused() {
        refused(anUnknownUser().on(adopting(new AcsIdentityId(Users.FOREIGN))), "of the broker's ACS resource");
    }

    @Test
    void anIdentityOfAnotherUserIsRefused() {
        Users.HOLDERS.put(THEIRS, new UserId("bob"));

        refused(anUnknownUser().on(adopting(THEIRS)), "which is taken");
    }

    @Test
    void anotherIdentityThanTheUsersOwnIsRefused() {
        refused(anActiveUser().on(adopting(THEIRS)), "has another identity");
    }

    @Test
    void anIdentityStillToBeDeletedIsRefused() {
        refused(anActiveUser().on(DELETED).on(adopting(identity(1))), "which is taken");
    }

    @Test
    void theUsersOwnIdentityIsAcceptedAgain() {
        Users alice = anActiveUser().on(adopting(identity(1)));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.APPLIED);
        assertThat(alice.announced()).isEmpty();
    }

    @Test
    void anIdentityMadeMeanwhileLosesAgainstTheAdoptedOne() {
        Users alice = aUserBeingProvisioned();
        Step create = alice.step();
        alice.on(adopting(THEIRS));

        alice.answered(create, made(1));

        assertThat(alice.entry.identityId()).isEqualTo(THEIRS);
        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        assertThat(alice.answered().announced()).containsExactly("identity.provisioned");
    }

    @Test
    void theDeletionThatIsAnnouncedIsThatOfTheIdentityThatWas() {
        Users alice = aUserBeingProvisioned();
        Step create = alice.step();
        alice.on(adopting(THEIRS)).answered(create, made(1));
        Step deleteLoser = alice.step();
        alice.on(DELETED);

        alice.answered(deleteLoser, new StepResult.IdentityDeleted(identity(1)));
        assertThat(alice.announced()).containsExactly("identity.provisioned");
        alice.answered();

        assertThat(alice.outcomes).last().isEqualTo(new IdentityDeleted("alice", THEIRS.value()));
        assertThat(RULES.nextStep(alice.entry)).isEmpty();
    }

    @Test
    void anAdoptionWhileTheFormerIdentityIsStillThereAnnouncesItsEndFirst() {
        Users alice = anActiveUser().on(DELETED).on(adopting(THEIRS));

        assertThat(alice.announced()).containsExactly("identity.deleted", "identity.provisioned");
        assertThat(alice.step()).isEqualTo(new Step.DeleteIdentity(identity(1)));
        assertThat(alice.answered().announced()).hasSize(2);
    }

    @Test
    void aRevocationThatIsAnsweredAfterTheUserHasAnotherIdentityIsNotTold() {
        Users alice = anActiveUser().on(SUSPENDED);
        Step revoke = alice.step();
        alice.on(DELETED).on(adopting(THEIRS));

        alice.answered(revoke, new StepResult.TokensRevoked(identity(1), 1));

        assertThat(alice.announced()).containsExactly("identity.deleted", "identity.provisioned");
    }

    @Test
    void tokensOfAnIdentityThatASuspendedUserAdoptsAreRevoked() {
        Users alice = aUserBeingProvisioned().on(SUSPENDED).on(adopting(THEIRS));

        assertThat(alice.step()).isEqualTo(new Step.RevokeTokens(THEIRS, 1));
        assertThat(alice.answered().announced())
                .containsExactly("identity.provisioned", "tokens.revoked", "identity.suspended");
    }

    private static void refused(Users alice, String reason) {
        assertThat(alice.last().refused())
                .hasValueSatisfying(why -> assertThat(why).contains("data.identityId is '", reason, "allowed: "));
        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.REFUSED);
        assertThat(alice.entry.lastApplied()).isNotNull();
        assertThat(alice.announced()).isEmpty();
    }
}
