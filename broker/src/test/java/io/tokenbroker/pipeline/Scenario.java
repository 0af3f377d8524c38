package io.tokenbroker.pipeline;

import io.tokenbroker.pipeline.Acs.Behaviour;
import java.time.Duration;
import java.util.Random;

/** A partition's life drawn from a seed: records, faults of ACS, slow commits, and how instances end. */
final class Scenario {

    private static final int RECORDS = 40;

    final Rig rig = new Rig(1_000, Rig.AT_ONCE);
    private final Invariants invariants = new Invariants(rig);
    private final Random content;
    private final Random chance;
    private boolean died;
    private int transactions;

    Scenario(long seed) {
        content = new Random(seed);
        chance = new Random(seed + 1);
        rig.acs.latency = () -> Duration.ofMillis(chance.nextInt(60));
        rig.cluster.latency = () -> Duration.ofMillis(chance.nextInt(20));
        rig.acs.behaviour = step -> switch (chance.nextInt(10)) {
            case 0 -> Behaviour.FAIL;
            case 1 -> Behaviour.DROP;
            default -> Behaviour.ANSWER;
        };
        rig.cluster.onDurable = transaction -> {
            invariants.check();
            transactions++;
        };
    }

    /** The instance dies right before, or right after, its nth transaction becomes durable. */
    Scenario dyingAt(int nth, boolean durable) {
        if (durable) {
            rig.cluster.onDurable = transaction -> {
                invariants.check();
                if (transactions++ == nth) {
                    die();
                }
            };
        } else {
            int[] written = {0};
            rig.cluster.onWrite = transaction -> {
                if (written[0]++ == nth) {
                    die();
                }
            };
        }
        return this;
    }

    private void die() {
        rig.running().die();
        died = true;
    }

    int transactions() {
        return transactions;
    }

    /** Plays it to the end and checks all that must hold. */
    Scenario play(boolean withHandovers) {
        rig.started();
        for (int i = 0; i < RECORDS; i++) {
            rig.log.gap(content.nextInt(4) == 0 ? content.nextInt(5) : 0);
            Arrival arrival = next();
            rig.send(arrival).pass(Duration.ofMillis(chance.nextInt(30)));
            comeBack();
            if (withHandovers && chance.nextInt(8) == 0) {
                handOver();
            }
        }
        for (int i = 0; i < 1_000; i++) {
            rig.pass(Duration.ofMillis(50));
            comeBack();
        }
        invariants.checkSettled();
        return this;
    }

    private void comeBack() {
        if (died) {
            died = false;
            rig.another().own().read();
        }
    }

    private void handOver() {
        Rig.Instance former = rig.running();
        switch (chance.nextInt(4)) {
            case 0 -> former.die();
            case 1 -> former.partition().lose();
            case 2 -> {
                Rig.watch(former.partition().revoke());
                rig.pass(Duration.ofMillis(chance.nextInt(6_000)));
            }
            default -> former.journal().fault = new IllegalStateException("in doubt");
        }
        if (chance.nextBoolean()) {
            rig.pass(Duration.ofMillis(chance.nextInt(50)));
        }
        rig.another().own().read();
    }

    private Arrival next() {
        String user = "user-" + content.nextInt(4);
        return switch (content.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> rig.log.created(user);
            case 5, 6 -> rig.log.suspended(user);
            case 7, 8 -> rig.log.resumed(user);
            case 9 -> rig.log.sessionsRevoked(user);
            case 10, 11, 12 -> rig.log.deleted(user);
            case 13 -> rig.log.misrouted(user);
            case 14 -> rig.log.unreadable(content.nextBoolean() ? user : null);
            default -> rig.log.foreign();
        };
    }
}
