package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final Duration LATENCY = Duration.ofMillis(50);

    @Test
    void aRefusedEventIsDeadLetteredOnceWithItsOriginalRecord() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.REFUSE;
        Arrival created = rig.log.created("alice");

        rig.send(created).settle();

        assertThat(rig.cluster.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.record()).isSameAs(created.record());
            assertThat(letter.eventType()).isEqualTo(UserCreated.TYPE);
            assertThat(letter.reason()).isEqualTo("ACS: BadRequest");
            assertThat(letter.attempts()).isEqualTo(1);
        });
        assertThat(rig.known("alice").parked()).isNotNull();
        assertThat(rig.cluster.openAttempts()).as("ACS made nothing").isZero();
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
    }

    @Test
    void aParkedUserIsTakenUpAgainByTheNextEvent() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.REFUSE;
        rig.send(rig.log.created("alice")).settle();
        rig.acs.behaviour = step -> Behaviour.ANSWER;

        rig.send(rig.log.created("alice")).settle();

        assertThat(rig.known("alice").parked()).isNull();
        assertThat(rig.known("alice").identityId()).isNotNull();
        assertThat(rig.cluster.deadLetters).hasSize(1);
    }

    @Test
    void aTransientFaultIsRetriedUntilAcsIsBack() {
        Rig rig = new Rig().started();
        AtomicInteger faults = new AtomicInteger(2);
        rig.acs.behaviour = step -> faults.getAndDecrement() > 0 ? Behaviour.FAIL : Behaviour.ANSWER;

        rig.send(rig.log.created("alice")).settle();

        assertThat(rig.outcomesOf("alice")).containsExactly("identity.provisioned", "token.issued");
        assertThat(rig.cluster.deadLetters).isEmpty();
    }

    @Test
    void anOutageParksNobody() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.FAIL;

        rig.send(rig.log.created("alice")).settle().settle();

        assertThat(rig.cluster.deadLetters).isEmpty();
        assertThat(rig.cluster.parked()).isEmpty();
        assertThat(rig.cluster.watermark).isZero();
    }

    @Test
    void anEventIsParkedWhenItFailsWhileAcsAnswersOthers() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> LATENCY;
        AtomicInteger calls = new AtomicInteger();
        rig.acs.behaviour = step -> {
            calls.incrementAndGet();
            return Behaviour.FAIL;
        };
        rig.send(rig.log.created("alice"));

        for (int i = 0; i < 1_000; i++) {
            rig.pass(Duration.ofMillis(20));
            rig.acs.answersSomebodyElse();
        }

        assertThat(calls).hasValue(3);
        assertThat(rig.cluster.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(3));
    }

    @Test
    void whatAcsAnsweredWhileACallWaitedForItsTurnDoesNotCount() {
        Rig rig = new Rig(100, new PipelineSettings.RetryPolicy(1, Duration.ofMillis(100), Duration.ofSeconds(10)))
                .started();
        rig.acs.closeGate();
        rig.send(rig.log.created("alice")).pass(LATENCY);
        rig.acs.answersSomebodyElse();
        rig.acs.behaviour = step -> Behaviour.FAIL;

        rig.acs.openGate();
        rig.settle();

        assertThat(rig.cluster.parked()).isEmpty();
    }

    @Test
    void aFailureOfWorkThatALaterEventReplacedParksNobody() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice")).settle();
        rig.acs.latency = () -> LATENCY;
        rig.acs.behaviour = step -> step instanceof Step.RevokeTokens ? Behaviour.REFUSE : Behaviour.ANSWER;
        rig.send(rig.log.suspended("alice")).pass(Duration.ofMillis(20));

        rig.send(rig.log.deleted("alice")).settle();

        assertThat(rig.acs.live).isEmpty();
        assertThat(rig.cluster.parked()).isEmpty();
        assertThat(rig.cluster.deadLetters).isEmpty();
        assertThat(rig.outcomesOf("alice")).last().isEqualTo("identity.deleted");
    }

    @Test
    void aCreateThatFailsAfterTheUserWasDeletedDoesNotHoldTheWatermark() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> LATENCY;
        rig.acs.behaviour = step -> Behaviour.FAIL;
        rig.send(rig.log.created("alice")).pass(Duration.ofMillis(20));

        rig.send(rig.log.deleted("alice")).settle();

        assertThat(rig.known("alice").standing()).isEqualTo(Standing.GONE);
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void anEventThatLeavesTheWorkAsItWasNeitherShortensTheWaitNorRenewsTheBudget() {
        Rig rig = new Rig().started();
        AtomicInteger calls = new AtomicInteger();
        rig.acs.behaviour = step -> {
            calls.incrementAndGet();
            return Behaviour.FAIL;
        };
        rig.send(rig.log.created("alice"));

        for (int i = 0; i < 50; i++) {
            rig.send(i % 2 == 0 ? rig.log.created("alice") : rig.log.late(new UserCreated("alice", null, null, null)));
            rig.pass(Duration.ofMillis(1));
        }

        assertThat(calls).as("made within the first wait").hasValue(1);
    }

    @Test
    void theDeadLetterAfterARestartIsTheEventThatCouldNotBeApplied() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice")).settle();
        rig.acs.behaviour = step -> Behaviour.HANG;
        Arrival suspended = rig.log.suspended("alice");
        rig.send(suspended, rig.log.late(new UserSuspended("alice")), rig.log.unreadable("alice"))
                .settle();
        rig.instance.die();
        rig.acs.behaviour = step -> Behaviour.REFUSE;

        rig.another().own().read();
        rig.settle();

        assertThat(rig.cluster.deadLetters).hasSize(2).last().satisfies(letter -> {
            assertThat(letter.record()).isSameAs(suspended.record());
            assertThat(letter.eventType()).isEqualTo(UserSuspended.TYPE);
        });
    }

    @Test
    void theDeadLetterAfterARestartIsNotAnEarlierEventOfTheUser() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("bob")).settle();
        rig.acs.behaviour = step -> step instanceof Step.RevokeTokens ? Behaviour.HANG : Behaviour.ANSWER;
        rig.send(rig.log.created("alice")).settle();
        Arrival revoked = rig.log.event(new SessionsRevoked("alice"));
        rig.send(revoked).settle();
        rig.instance.die();
        rig.acs.latency = () -> LATENCY;
        rig.acs.behaviour = step -> step instanceof Step.RevokeTokens ? Behaviour.REFUSE : Behaviour.ANSWER;

        rig.another().own().read();
        rig.settle();

        assertThat(rig.cluster.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.record()).isSameAs(revoked.record()));
    }

    @Test
    void anUnreadableRecordOfAUserIsDeadLetteredOnceHoweverOftenItIsRead() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("bob"), rig.log.unreadable("alice")).settle();
        rig.instance.die();

        rig.another().own().read();
        rig.settle();

        assertThat(rig.cluster.deadLetters).hasSize(1);
        DirectoryEntry bare = rig.known("alice");
        assertThat(bare.standing()).isEqualTo(Standing.UNKNOWN);
        assertThat(bare.lastApplied()).isNotNull();
    }

    @Test
    void anAdoptionThatIsRefusedIsDeadLetteredAndTheNextEventProceeds() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice")).settle();
        String taken = rig.acs.live().iterator().next().value();

        rig.send(rig.log.adopting("bob", taken), rig.log.created("bob")).settle();

        assertThat(rig.cluster.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.eventType()).isEqualTo(UserCreated.TYPE);
            assertThat(letter.attempts()).isZero();
        });
        assertThat(rig.known("bob").identityId()).isNotNull();
    }

    @Test
    void anIdentityThatIsStillToBeDeletedForAnotherUserIsNotAdopted() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice")).settle();
        String doomed = rig.acs.live().iterator().next().value();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.event(new UserDeleted("alice"))).settle();

        rig.send(rig.log.adopting("bob", doomed)).settle();

        assertThat(rig.known("bob").standing()).isEqualTo(Standing.UNKNOWN);
        assertThat(rig.cluster.deadLetters).hasSize(1);
    }
}
