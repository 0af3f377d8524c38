package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    @Test
    void theFirstTransactionPinsWhereThePartitionBegins() {
        Rig rig = new Rig().started();

        assertThat(rig.cluster.committed).singleElement().satisfies(first -> {
            assertThat(first.size()).isZero();
            assertThat(first.watermark()).isZero();
        });
    }

    @Test
    void nothingIsWrittenWhenNothingMoved() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice")).settle();
        int transactions = rig.cluster.committed.size();

        rig.settle();

        assertThat(rig.cluster.committed).hasSize(transactions);
    }

    @Test
    void transactionsKeepTheIntervalAndCarryAllThatCameMeanwhile() {
        Rig rig = new Rig(10_000, Rig.PATIENT).started();
        List<Long> starts = new ArrayList<>();
        rig.cluster.onWrite = transaction -> starts.add(rig.time.now(TimeUnit.MILLISECONDS));
        rig.acs.latency = () -> Duration.ofMillis(4);

        for (int i = 0; i < 200; i++) {
            rig.send(rig.log.created("user-" + i)).pass(Duration.ofMillis(1));
        }
        rig.settle();

        assertThat(starts).hasSizeBetween(15, 25);
        for (int i = 1; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - 1)).isGreaterThanOrEqualTo(Rig.INTERVAL.toMillis());
        }
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
    }

    @Test
    void aSlowCallDelaysNobodyElsesCommit() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> rig.acs.reached.isEmpty() ? Behaviour.ANSWER : Behaviour.HANG;
        rig.send(rig.log.created("alice")).settle();
        rig.send(rig.log.created("slow")).pass(Duration.ofMillis(20));
        rig.acs.behaviour = step -> Behaviour.ANSWER;

        rig.send(rig.log.created("bob"), rig.log.suspended("alice")).pass(Duration.ofMillis(100));

        assertThat(rig.outcomesOf("bob")).contains("identity.provisioned");
        assertThat(rig.outcomesOf("alice")).last().isEqualTo("identity.suspended");
        assertThat(rig.cluster.watermark).as("held by the slow one").isEqualTo(1);
    }

    @Test
    void aMisroutedRecordGoesInTheTransactionThatPassesIt() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofSeconds(1);
        rig.send(rig.log.created("alice"), rig.log.misrouted("bob"), rig.log.unreadable(null))
                .pass(Duration.ofMillis(900));
        assertThat(rig.cluster.reroutes).isEmpty();
        assertThat(rig.cluster.deadLetters).isEmpty();

        rig.settle();

        Transaction passing = rig.cluster.committed.getLast();
        assertThat(passing.watermark()).isEqualTo(3);
        assertThat(passing.reroutes()).hasSize(1);
        assertThat(passing.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.userId()).isNull();
            assertThat(letter.reason()).isEqualTo("garbage");
        });
        assertThat(passing.entries()).hasSize(1);
    }

    @Test
    void foreignRecordsMoveTheWatermarkAlone() {
        Rig rig = new Rig().started();

        rig.send(rig.log.foreign(), rig.log.foreign()).settle();

        assertThat(rig.cluster.watermark).isEqualTo(2);
        assertThat(rig.cluster.committed)
                .allSatisfy(transaction -> assertThat(transaction.size()).isZero());
    }

    @Test
    void whatAUserLosesIsDurableBeforeAcsIsAsked() {
        Rig rig = new Rig().started();
        rig.send(rig.log.created("alice"), rig.log.created("bob"), rig.log.created("carol"))
                .settle();
        List<String> order = new ArrayList<>();
        rig.cluster.onDurable = transaction -> order.add("durable");
        rig.acs.behaviour = step -> {
            order.add(step.getClass().getSimpleName());
            return Behaviour.HANG;
        };

        rig.send(rig.log.suspended("alice"), rig.log.deleted("bob"), rig.log.sessionsRevoked("carol"))
                .settle();

        assertThat(order)
                .containsSubsequence("durable", "RevokeTokens")
                .containsSubsequence("durable", "DeleteIdentity")
                .startsWith("durable");
        assertThat(rig.known("alice").tokenEpoch()).isEqualTo(1);
        assertThat(rig.known("bob").identityId()).isNull();
        assertThat(rig.known("carol").revoking()).isTrue();
    }

    @Test
    void whatAUserLosesIsDurableWhileAnEarlierCallHangs() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("alice")).settle();

        rig.send(rig.log.suspended("alice")).settle();

        assertThat(rig.known("alice").tokenEpoch()).isEqualTo(1);
    }

    @Test
    void acsIsAskedForAnIdentityOnlyAfterTheIntentIsDurable() {
        Rig rig = new Rig().started();
        rig.pass(Duration.ofSeconds(1)).cluster.latency = () -> Duration.ofMillis(100);

        rig.send(rig.log.created("alice")).pass(Duration.ofMillis(99));
        assertThat(rig.acs.reached).isEmpty();
        rig.pass(Duration.ofMillis(1));
        assertThat(rig.acs.reached).hasSize(1);
        assertThat(rig.cluster.openAttempts()).isEqualTo(1);

        rig.settle();
        assertThat(rig.cluster.openAttempts()).isZero();
        assertThat(rig.instance.intents.attempts()).isZero();
    }

    @Test
    void theIntentAndTheEntryEndInOneTransaction() {
        Rig rig = new Rig().started();

        rig.send(rig.log.created("alice")).settle();

        assertThat(rig.cluster.committed)
                .filteredOn(one -> !one.outcomes().isEmpty())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.entries()).hasSize(1);
                    assertThat(one.intents())
                            .singleElement()
                            .satisfies(intent -> assertThat(intent.isEmpty()).isTrue());
                    assertThat(one.watermark()).isEqualTo(1);
                });
    }

    @Test
    void aLostAnswerLeavesItsAttemptInTheListOfPossibleOrphans() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> rig.acs.reached.isEmpty() ? Behaviour.DROP : Behaviour.ANSWER;

        rig.send(rig.log.created("alice")).settle();

        assertThat(rig.acs.live).hasSize(2).contains(rig.known("alice").identityId());
        assertThat(rig.cluster.openAttempts()).isEqualTo(1);
        assertThat(rig.acs.reached(Step.CreateIdentityWithToken.class)).hasSize(2);
    }
}
