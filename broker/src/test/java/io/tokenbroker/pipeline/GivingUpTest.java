package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What happens to a partition that is given back, lost, or has to be read anew. */
class GivingUpTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void aDrainWaitsForABegunCallAndCommitsItsAnswer() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofSeconds(2);
        rig.send(rig.log.created("alice")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig.pass(Duration.ofSeconds(1)), drained)).isFalse();
        assertThat(isOver(rig.pass(Duration.ofSeconds(2)), drained)).isTrue();
        assertThat(rig.known("alice").identityId()).isNotNull();
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
        assertThat(rig.instance.inside()).isZero();
        assertThat(rig.instance.journal().closed).isTrue();
    }

    @Test
    void aDrainTakesBackCallsThatWaitForTheirTurn() {
        Rig rig = new Rig().started();
        rig.acs.closeGate();
        rig.send(rig.log.created("alice")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig, drained)).isTrue();
        rig.acs.openGate();
        assertThat(rig.settle().acs.reached).isEmpty();
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void aDrainEndsInTimeWhateverAcsDoes() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("alice")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig.pass(Rig.DRAIN.minusMillis(1)), drained)).isFalse();
        assertThat(isOver(rig.pass(Duration.ofMillis(1)), drained)).isTrue();
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void aDrainEndsInTimeWhateverKafkaDoes() {
        Rig rig = new Rig().started();
        rig.instance.journal().stall();
        rig.send(rig.log.created("alice"), rig.log.misrouted("bob")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig.pass(Rig.DRAIN), drained)).isTrue();
        assertThat(rig.acs.reached).as("no create without a durable intent").isEmpty();
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void aDrainDoesNotWaitForRecordsThatOnlyALaterWatermarkPasses() {
        Rig rig = new Rig().started();
        rig.acs.closeGate();
        rig.send(rig.log.created("alice"), rig.log.misrouted("bob")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig, drained)).isTrue();
        assertThat(rig.cluster.reroutes).isEmpty();
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void aCallThatHasToQueueUpAgainIsNotMadeOnceThePartitionIsGivenBack() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> {
            rig.acs.closeGate();
            return Behaviour.THROTTLE;
        };
        rig.send(rig.log.created("alice")).pass(SHORT);
        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());
        rig.acs.behaviour = step -> Behaviour.ANSWER;

        rig.acs.openGate();

        assertThat(isOver(rig.pass(SHORT), drained)).isTrue();
        assertThat(rig.acs.reached).isEmpty();
        assertThat(rig.cluster.parked()).isEmpty();
    }

    @Test
    void anIdentityMadeForALostPartitionIsDeleted() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofSeconds(1);
        rig.send(rig.log.created("alice")).pass(SHORT);

        rig.instance.partition().lose();
        rig.another().own().read();
        rig.settle();

        assertThat(rig.acs.live).containsExactly(rig.known("alice").identityId());
        assertThat(rig.outcomesOf("alice")).containsExactly("identity.provisioned", "token.issued");
    }

    @Test
    void anIdentityThatWaitedForATransactionWhenThePartitionWasLostIsDeleted() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("bob")).settle();
        rig.acs.latency = () -> SHORT;
        rig.send(rig.log.created("alice")).pass(Duration.ofMillis(15));
        rig.instance.journal().stall();
        rig.send(rig.log.suspended("bob")).pass(SHORT);
        assertThat(rig.acs.live).hasSize(2);

        rig.instance.partition().lose();
        rig.settle();

        assertThat(rig.acs.live).containsExactly(rig.known("bob").identityId());
    }

    @Test
    void nothingIsCommittedOnceAnotherOwnerHasFencedThisOne() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> SHORT;
        rig.send(rig.log.created("alice")).pass(Duration.ofMillis(5));
        rig.another().own();

        rig.send();
        rig.instance.accept(rig.log.created("bob"));
        rig.settle();

        assertThat(rig.entry("bob")).isEmpty();
        assertThat(rig.instance.failures).singleElement().isInstanceOf(PartitionJournal.OwnershipLost.class);
        assertThat(rig.instance.inside()).isZero();
        assertThat(rig.instance.journal().closed).isTrue();
    }

    @Test
    void aPartitionThatFailedIsGivenBackWithoutHarmAndCanBeAssignedAgain() {
        Rig rig = new Rig().started();
        rig.instance.journal().fault = new IllegalStateException("in doubt");
        rig.send(rig.log.created("alice"), rig.log.misrouted("bob")).settle();
        assertThat(rig.instance.failures).hasSize(1);
        OwnedPartition failed = rig.instance.partition();

        rig.instance.own().read();
        rig.settle();
        failed.accept(rig.log.created("carol"));
        failed.lose();
        rig.instance.pipeline.forgetDeletedBefore(Instant.MAX);

        StepVerifier.create(failed.revoke()).verifyComplete();
        assertThat(rig.known("alice").identityId()).isNotNull();
        assertThat(rig.cluster.reroutes).hasSize(1);
        assertThat(rig.instance.inside()).isZero();
        assertThat(rig.instance.failures).hasSize(1);
    }

    @Test
    void recordsOfAPartitionThatWasGivenBackTakeNoRoom() {
        Rig rig = new Rig().started();
        rig.instance.partition().revoke().subscribe();

        assertThatCode(() -> rig.send(rig.log.created("alice"))).doesNotThrowAnyException();

        assertThat(rig.settle().instance.inside()).isZero();
        assertThat(rig.acs.reached).isEmpty();
    }

    @Test
    void aRecordThatCannotBeTakenInEndsThePartitionInsteadOfBeingPassed() {
        Rig rig = new Rig().started();
        Arrival first = rig.log.created("alice");
        rig.send(first, rig.log.created("bob"));

        rig.send(first).settle();

        assertThat(rig.instance.failures).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void nothingIsAppliedBeforeTheDirectoryIsRestored() {
        Rig rig = new Rig();
        Sinks.Empty<Void> restored = Sinks.empty();
        rig.instance.own(restored.asMono());

        rig.send(rig.log.created("alice")).pass(SHORT);
        assertThat(rig.acs.reached).isEmpty();
        assertThat(rig.cluster.committed).isEmpty();
        restored.tryEmitEmpty();

        assertThat(rig.settle().known("alice").identityId()).isNotNull();
    }

    @Test
    void aPartitionGivenBackWhileItRestoresIsOverAtOnce() {
        Rig rig = new Rig();
        rig.instance.own(Mono.never());
        rig.send(rig.log.created("alice"));

        StepVerifier.create(rig.instance.partition().revoke()).verifyComplete();

        assertThat(rig.instance.inside()).isZero();
        assertThat(rig.cluster.committed).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeRestoredEndsThePartition() {
        Rig rig = new Rig();

        rig.instance.own(Mono.error(new IllegalStateException("no directory")));

        assertThat(rig.instance.failures)
                .singleElement()
                .satisfies(error -> assertThat(error).hasMessage("no directory"));
    }

    @Test
    void anEntryIsForgottenOnlyIfTheUserIsStillGone() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice"), rig.log.deleted("alice"), rig.log.created("bob"))
                .settle();
        assertThat(rig.known("alice").standing()).isEqualTo(Standing.GONE);

        rig.instance.pipeline.forgetDeletedBefore(Instant.MAX);
        rig.settle();

        assertThat(rig.entry("alice")).isEmpty();
        assertThat(rig.instance.view.find(new UserId("alice"))).isEmpty();
        assertThat(rig.entry("bob")).isPresent();
    }

    @Test
    void aUserWhoComesBackWhileBeingForgottenKeepsTheEntry() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice"), rig.log.deleted("alice")).settle();
        rig.send(rig.log.created("bob")).pass(Duration.ofMillis(1));

        rig.instance.pipeline.forgetDeletedBefore(Instant.MAX);
        rig.send(rig.log.adopting("alice", Acs.identity(99).value())).settle();

        assertThat(rig.known("alice").identityId()).isEqualTo(Acs.identity(99));
    }

    @Test
    void forgettingIsNotPutOffByATransactionUnderWay() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice"), rig.log.deleted("alice")).settle();
        rig.cluster.latency = () -> SHORT;
        rig.send(rig.log.foreign()).pass(Duration.ofMillis(5));

        rig.instance.pipeline.forgetDeletedBefore(Instant.MAX);

        assertThat(rig.settle().entry("alice")).isEmpty();
    }

    @Test
    void acsIsNotAskedForAnythingNewWhileDraining() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofSeconds(1);
        rig.send(rig.log.created("alice")).pass(SHORT);
        rig.send(rig.log.suspended("alice")).pass(SHORT);

        Sinks.Empty<Void> drained = Rig.watch(rig.instance.partition().revoke());

        assertThat(isOver(rig.pass(Duration.ofSeconds(2)), drained)).isTrue();
        assertThat(rig.acs.reached(Step.RevokeTokens.class)).isEmpty();
        assertThat(rig.cluster.watermark).as("comes back to the suspension").isEqualTo(1);
        rig.another().own().read();
        assertThat(rig.settle().outcomesOf("alice")).last().isEqualTo("identity.suspended");
    }

    private static boolean isOver(Rig rig, Sinks.Empty<Void> done) {
        rig.pass(Duration.ZERO);
        return Boolean.TRUE.equals(done.scan(Scannable.Attr.TERMINATED));
    }
}
