package io.tokenbroker.lifecycle;

import static io.tokenbroker.lifecycle.Users.DELETED;
import static io.tokenbroker.lifecycle.Users.HR;
import static io.tokenbroker.lifecycle.Users.NINE;
import static io.tokenbroker.lifecycle.Users.RESUMED;
import static io.tokenbroker.lifecycle.Users.REVOKED;
import static io.tokenbroker.lifecycle.Users.SUSPENDED;
import static io.tokenbroker.lifecycle.Users.anUnknownUser;
import static io.tokenbroker.lifecycle.Users.created;
import static io.tokenbroker.lifecycle.Users.reconcile;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.ReconcileRequested.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StaleTest {

    private static final Duration MORE_THAN_FIVE = Duration.ofMillis(5_001);

    @Test
    void aLateCreatedDoesNotBringADeletedUserBack() {
        Users alice = anUnknownUser().on(DELETED, HR, null, NINE).on(created(), HR, null, NINE.minus(MORE_THAN_FIVE));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.STALE);
        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
        assertThat(alice.entry.lastApplied())
                .isNotNull()
                .satisfies(position -> assertThat(position.offset()).isEqualTo(1));
        assertThat(alice.entry.lastEvent())
                .isNotNull()
                .satisfies(event -> assertThat(event.id()).isEqualTo("event-0"));
    }

    @Test
    void fiveSecondsTellNoOrder() {
        Users alice = anUnknownUser().on(DELETED, HR, null, NINE).on(created(), HR, null, NINE.minusSeconds(5));

        assertThat(alice.entry.standing()).isEqualTo(Standing.ACTIVE);
    }

    @Test
    void manySmallStepsBackDoNotAddUp() {
        Users alice = anUnknownUser()
                .on(created(), HR, null, NINE)
                .on(created(), HR, null, NINE.minusSeconds(4))
                .on(DELETED, HR, null, NINE.minusSeconds(8));

        assertThat(alice.entry.standing()).isEqualTo(Standing.ACTIVE);
    }

    @Test
    void anotherSourcesClockSilencesNobody() {
        Users alice = anUnknownUser().on(created(), HR, null, NINE).on(DELETED, "/crm", null, NINE.minusSeconds(3600));

        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
    }

    @Test
    void anotherAspectSilencesNobody() {
        Users alice = anUnknownUser()
                .on(created(), HR, null, NINE.minusSeconds(7200))
                .on(SUSPENDED, HR, null, NINE)
                .on(DELETED, HR, null, NINE.minusSeconds(3600));

        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
    }

    @Test
    void aLateResumedDoesNotLiftALaterSuspension() {
        Users alice = anUnknownUser()
                .on(created())
                .on(SUSPENDED, HR, null, NINE.plusSeconds(60))
                .on(RESUMED, HR, null, NINE);

        assertThat(alice.entry.standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void sequencesDecideWhereBothHaveOneWhateverTheTimesSay() {
        Users alice = anUnknownUser()
                .on(created(), HR, "9", NINE)
                .on(DELETED, HR, "10", NINE.minusSeconds(3600))
                .on(created(), HR, "9", NINE.plusSeconds(3600));

        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.STALE);
    }

    @Test
    void theSameSequenceIsNotStale() {
        assertThat(anUnknownUser()
                        .on(created(), HR, "7", NINE)
                        .on(DELETED, HR, "7", NINE)
                        .entry
                        .standing())
                .isEqualTo(Standing.GONE);
    }

    @Test
    void timesDecideWhereOneHasNoSequence() {
        Users alice = anUnknownUser().on(DELETED, HR, "7", NINE).on(created(), HR, null, NINE.minusSeconds(60));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.STALE);
    }

    @Test
    void revokedSessionsAreNeverStale() {
        Users alice = anUnknownUser()
                .on(created())
                .on(SUSPENDED, HR, null, NINE.plusSeconds(60))
                .on(REVOKED, HR, null, NINE.minusSeconds(3600));

        assertThat(alice.entry.tokenEpoch()).isEqualTo(2);
    }

    @Test
    void whatTheBrokerWroteForACallerIsNeverStale() {
        Users alice = anUnknownUser().onRequest(created(), NINE).onRequest(DELETED, NINE.minusSeconds(3600));

        assertThat(alice.entry.standing()).isEqualTo(Standing.GONE);
    }

    @Test
    void whatWasIgnoredSilencesNothing() {
        Users alice = anUnknownUser()
                .on(SUSPENDED, HR, null, NINE.plusSeconds(3600))
                .on(created(), HR, null, NINE)
                .on(SUSPENDED, HR, null, NINE);

        assertThat(alice.entry.standing()).isEqualTo(Standing.SUSPENDED);
    }

    @Test
    void onlySoManySourcesAreRememberedAndTheLatestOfThem() {
        Users alice = anUnknownUser();
        for (int i = 0; i < 20; i++) {
            alice.on(created(), "/source-" + i, null, NINE);
        }

        assertThat(alice.entry.seen()).hasSize(StaleRule.REMEMBERED);
        assertThat(alice.on(DELETED, "/source-19", null, NINE.minusSeconds(60))
                        .entry
                        .standing())
                .isEqualTo(Standing.ACTIVE);
    }

    @Test
    void aCreatedOlderThanADeletionThatReplayAppliedIsStale() {
        Users alice = anUnknownUser().on(reconcile(State.DELETED, 0)).on(created(), HR, null, NINE.minusSeconds(60));

        assertThat(alice.entry.lastVerdict()).isEqualTo(Verdict.STALE);
    }
}
