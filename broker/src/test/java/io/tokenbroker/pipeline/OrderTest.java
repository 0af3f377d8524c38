package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.SessionsRevoked;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderTest {

    @Test
    void oneUsersEventsAreAppliedInLogOrder() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofMillis(50);

        rig.send(rig.log.created("alice")).settle();
        rig.send(rig.log.suspended("alice")).settle();
        rig.send(rig.log.resumed("alice")).settle();
        rig.send(rig.log.deleted("alice")).settle();

        assertThat(rig.outcomesOf("alice"))
                .containsExactly(
                        "identity.provisioned",
                        "token.issued",
                        "tokens.revoked",
                        "identity.suspended",
                        "identity.resumed",
                        "identity.deleted");
        assertThat(rig.acs.live).isEmpty();
    }

    @Test
    void eachOutcomeNamesTheCallerItIsOwedTo() {
        Rig rig = new Rig().started();

        rig.send(rig.log.asked(new UserCreated("alice", null, null, null), "ann"))
                .settle();
        rig.send(rig.log.asked(new SessionsRevoked("alice"), "bob")).settle();
        rig.send(rig.log.suspended("alice")).settle();

        assertThat(rig.cluster.outcomes)
                .extracting(outcome -> outcome.event().getClass().getSimpleName() + " by " + outcome.requestedBy())
                .containsExactly(
                        "IdentityProvisioned by ann",
                        "TokenIssued by ann",
                        "TokensRevoked by bob",
                        "TokensRevoked by null",
                        "IdentitySuspended by null");
    }

    @Test
    void oneUserHasOneCallAtATime() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("alice")).settle();
        int[] calls = {0};
        rig.acs.behaviour = step -> {
            calls[0]++;
            return Behaviour.ANSWER;
        };

        rig.send(rig.log.suspended("alice"), rig.log.resumed("alice"), rig.log.sessionsRevoked("alice"))
                .settle();

        assertThat(calls[0]).isZero();
    }

    @Test
    void usersDoNotWaitForEachOther() {
        Rig rig = new Rig().started();
        rig.acs.latency = () -> Duration.ofSeconds(1);

        for (int i = 0; i < 50; i++) {
            rig.send(rig.log.created("user-" + i));
        }
        rig.pass(Duration.ofMillis(1_100));

        assertThat(rig.acs.live).hasSize(50);
        assertThat(rig.cluster.watermark).isEqualTo(50);
    }

    @Test
    void aHotUserTakesTheRoomOfOne() {
        Rig rig = new Rig(20, Rig.PATIENT).started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("hot")).pass(Duration.ofSeconds(1));

        for (int i = 0; i < 1_000; i++) {
            rig.send(i % 2 == 0 ? rig.log.suspended("hot") : rig.log.resumed("hot"));
        }
        rig.send(rig.log.late(new UserCreated("hot", null, null, null)));

        assertThat(rig.instance.inside()).isLessThanOrEqualTo(2);
        assertThat(rig.pass(Duration.ofSeconds(1)).instance.inside()).isEqualTo(1);
        assertThat(rig.known("hot").tokenEpoch()).isEqualTo(500);
    }

    @Test
    void whatWaitsIsConflatedToItsNetEffect() {
        Rig rig = new Rig().started();
        rig.acs.closeGate();

        rig.send(
                rig.log.created("alice", Set.of("chat", "voip")),
                rig.log.created("alice", Set.of("voip", "chat.join", "chat")),
                rig.log.created("bob"),
                rig.log.deleted("bob"));
        rig.pass(Duration.ofSeconds(1)).acs.openGate();
        rig.settle();

        assertThat(rig.acs.reached)
                .singleElement()
                .satisfies(step -> assertThat(((Step.CreateIdentityWithToken) step).scopes())
                        .containsExactlyInAnyOrder("voip", "chat", "chat.join"));
        assertThat(rig.known("bob").standing()).isEqualTo(Standing.GONE);
        assertThat(rig.outcomesOf("bob")).isEmpty();
    }

    @Test
    void duplicatesOfTheLogAreSkipped() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> Behaviour.HANG;
        rig.send(rig.log.created("bob")).settle();
        rig.acs.behaviour = step -> Behaviour.ANSWER;
        rig.send(rig.log.created("alice")).settle();
        rig.send(rig.log.suspended("alice")).settle();
        rig.instance.die();
        int calls = rig.acs.reached.size();

        Rig.Instance next = rig.another().own();
        next.read();
        rig.settle();

        assertThat(rig.acs.reached).as("for bob alone").hasSize(calls + 1);
        assertThat(rig.outcomesOf("alice")).hasSize(4);
        assertThat(next.metrics
                        .get("tokenbroker.pipeline.records")
                        .tag("result", "duplicate")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(next.inside()).isZero();
    }
}
