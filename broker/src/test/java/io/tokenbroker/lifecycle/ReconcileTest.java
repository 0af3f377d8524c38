package io.tokenbroker.lifecycle;

import static io.tokenbroker.lifecycle.Users.DELETED;
import static io.tokenbroker.lifecycle.Users.RULES;
import static io.tokenbroker.lifecycle.Users.SUSPENDED;
import static io.tokenbroker.lifecycle.Users.aDeletedUser;
import static io.tokenbroker.lifecycle.Users.aSuspendedUser;
import static io.tokenbroker.lifecycle.Users.anActiveUser;
import static io.tokenbroker.lifecycle.Users.anActiveUserWith;
import static io.tokenbroker.lifecycle.Users.anUnknownUser;
import static io.tokenbroker.lifecycle.Users.reconcile;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.events.ReconcileRequested.State;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReconcileTest {

    private static final long LATER = 1_000;

    @Test
    void aReplayedUserGetsAnIdentityWithoutAToken() {
        assertThat(anUnknownUser().on(reconcile(State.ACTIVE, LATER)).step()).isEqualTo(new Step.CreateIdentity());
    }

    @Test
    void aFirstTokenComesOnlyWhenAskedFor() {
        ReconcileRequested plain = reconcile(State.ACTIVE, LATER);

        Users alice = anUnknownUser()
                .on(new ReconcileRequested("alice", plain.job(), plain.desired(), plain.asOf(), true, null));

        assertThat(alice.step()).isInstanceOf(Step.CreateIdentityWithToken.class);
    }

    @Test
    void everyStateBecomesTheDesiredOne() {
        assertThat(anUnknownUser().on(reconcile(State.SUSPENDED, LATER)).entry.standing())
                .isEqualTo(Standing.SUSPENDED);
        assertThat(anActiveUser().on(reconcile(State.SUSPENDED, LATER)).entry.revoking())
                .isTrue();
        assertThat(aSuspendedUser().on(reconcile(State.ACTIVE, LATER)).announced())
                .containsExactly("identity.resumed");
        assertThat(anActiveUser().on(reconcile(State.DELETED, LATER)).step()).isInstanceOf(Step.DeleteIdentity.class);
        assertThat(aDeletedUser().on(reconcile(State.ACTIVE, LATER)).step()).isEqualTo(new Step.CreateIdentity());
    }

    @Test
    void aUserWhoMatchesAlreadyNeedsNothing() {
        Users alice = anActiveUserWith("chat").on(reconcile(State.ACTIVE, LATER, Set.of("chat")));

        assertThat(RULES.nextStep(alice.entry)).isEmpty();
        assertThat(alice.announced()).isEmpty();
    }

    @Test
    void aLaterEventSupersedesIt() {
        Users alice = anActiveUser().on(DELETED).answered().on(reconcile(State.ACTIVE, 0));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.IGNORED);
        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
    }

    @Test
    void theSecondOfTheSameJobDoesNothing() {
        Users alice = anUnknownUser().on(SUSPENDED).on(reconcile(State.ACTIVE, 0));

        alice.on(reconcile(State.ACTIVE, 0));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.IGNORED);
        assertThat(alice.entry.standing()).isEqualTo(Standing.ACTIVE);
    }

    @Test
    void theSecondOfTheSameJobTriesAgainWhatWasGivenUp() {
        Users alice = anUnknownUser().on(reconcile(State.ACTIVE, LATER)).parked();
        assertThat(RULES.nextStep(alice.entry)).isEmpty();

        alice.on(reconcile(State.ACTIVE, LATER));

        assertThat(alice.step()).isEqualTo(new Step.CreateIdentity());
    }
}
