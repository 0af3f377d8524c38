package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whatever the order of answers, and wherever an instance ends, the result is the log's. */
class CrashTest {

    @Test
    void withoutAnyCrashTheResultIsTheLogs() {
        long seed = Seeds.next();
        for (long run = seed; run < seed + 50; run++) {
            long one = run;
            Seeds.explain(one, () -> {
                Scenario scenario = new Scenario(one).play(false);
                assertThat(scenario.rig.instance.inside()).isZero();
                assertThat(scenario.rig.instance.failures).isEmpty();
            });
        }
    }

    @Test
    void aCrashRightBeforeOrAfterAnyTransactionLosesNothingAndDoublesNothing() {
        long seed = Seeds.next();
        Seeds.explain(seed, () -> {
            int transactions = new Scenario(seed).play(false).transactions();
            assertThat(transactions).isGreaterThan(10);
            for (int nth = 0; nth < transactions; nth++) {
                new Scenario(seed).dyingAt(nth, false).play(false);
                new Scenario(seed).dyingAt(nth, true).play(false);
            }
        });
    }

    @Test
    void ownersThatComeAndGoInEveryWayLoseNothingAndDoubleNothing() {
        long seed = Seeds.next();
        for (long run = seed; run < seed + 100; run++) {
            long one = run;
            Seeds.explain(one, () -> new Scenario(one).play(true));
        }
    }
}
