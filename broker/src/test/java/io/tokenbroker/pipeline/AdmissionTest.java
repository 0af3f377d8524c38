package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private final AtomicLong asked = new AtomicLong();

    @Test
    void demandStopsAtTheBoundAndResumes() {
        Rig rig = new Rig(40, Rig.PATIENT).started();
        rig.acs.closeGate();
        rig.instance.pipeline.admission().open(asked::addAndGet);
        assertThat(asked).hasValue(40);

        sendAllAsked(rig);
        rig.pass(Duration.ofMinutes(1));
        assertThat(asked).hasValue(0);
        assertThat(rig.instance.inside()).isEqualTo(40);

        rig.acs.openGate();
        rig.settle();
        assertThat(asked).as("asked for in portions").hasValueGreaterThan(35);
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void allOfABacklogGoesThroughWithinTheBound() {
        Rig rig = new Rig(40, Rig.PATIENT).started();
        rig.acs.latency = () -> Duration.ofMillis(30);
        rig.instance.pipeline.admission().open(asked::addAndGet);
        long most = 0;

        for (int i = 0; i < 1_000; i++) {
            while (asked.get() == 0) {
                most = Math.max(most, rig.instance.inside());
                rig.pass(Duration.ofMillis(5));
            }
            asked.decrementAndGet();
            rig.send(i % 10 == 0 ? rig.log.misrouted("user-" + i) : rig.log.created("user-" + i % 300));
        }
        rig.settle();

        assertThat(most).isBetween(20L, 40L);
        assertThat(rig.cluster.watermark).isEqualTo(1_000);
        assertThat(rig.cluster.reroutes).hasSize(100);
        assertThat(rig.instance.inside()).isZero();
    }

    @Test
    void aLargeRecordWeighsMore() {
        Rig rig = new Rig(40, Rig.PATIENT).started();
        rig.acs.closeGate();

        rig.send(rig.log.large("alice", 320 * 1024));

        assertThat(rig.instance.inside()).isEqualTo(21);
        rig.acs.openGate();
        assertThat(rig.settle().instance.inside()).isZero();
    }

    @Test
    void aNewReaderOfTheLogIsAskedForTheWholeRoom() {
        Rig rig = new Rig(40, Rig.PATIENT).started();
        rig.instance.pipeline.admission().open(n -> {});
        rig.acs.closeGate();
        rig.send(rig.log.created("alice"));

        rig.instance.pipeline.admission().open(asked::addAndGet);

        assertThat(asked).hasValue(39);
    }

    @Test
    void aRecordWithoutAnOwnerCountsAsDelivered() {
        Rig rig = new Rig(8, Rig.PATIENT).started();
        rig.instance.pipeline.admission().open(asked::addAndGet);

        for (int i = 0; i < 8; i++) {
            rig.instance.pipeline.admission().skipped();
        }

        assertThat(asked).hasValue(16);
    }

    @Test
    void everyKindOfRecordGivesItsRoomBack() {
        Rig rig = new Rig().started();
        rig.acs.behaviour = step -> rig.acs.reached.size() % 2 == 0 ? Behaviour.ANSWER : Behaviour.REFUSE;

        rig.send(
                rig.log.created("alice"),
                rig.log.created("bob"),
                rig.log.created("alice"),
                rig.log.suspended("nobody"),
                rig.log.foreign(),
                rig.log.misrouted("carol"),
                rig.log.unreadable("alice"),
                rig.log.unreadable(null),
                rig.log.adopting("bob", Acs.identity(1).value()),
                rig.log.deleted("alice"),
                rig.log.large("dave", 100_000));
        rig.settle();

        assertThat(rig.instance.inside()).isZero();
        assertThat(rig.cluster.watermark).isEqualTo(rig.log.end());
    }

    private void sendAllAsked(Rig rig) {
        for (long n = asked.getAndSet(0); n > 0; n--) {
            rig.send(rig.log.created("user-" + n));
        }
    }
}
