package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleGateTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(30);

    private final ThrottleGate gate = new ThrottleGate(() -> 0);

    @Test
    void anOpenGateLetsEverythingPass() {
        assertThat(gate.mayPass(0, PACE)).isTrue();
        gate.passed(0);
        assertThat(gate.mayPass(0, PACE)).isTrue();
    }

    @Test
    void itStaysClosedAsLongAsAcsAsksFor() {
        gate.refused(0, Optional.of(Duration.ofSeconds(17)));
        assertThat(gate.passAt(1, PACE)).isEqualTo(17 * SECOND);
        assertThat(gate.isClosed(17 * SECOND - 1)).isTrue();
        assertThat(gate.mayPass(17 * SECOND, PACE)).isTrue();
    }

    @Test
    void withoutAWordFromAcsTheGuessGrowsWithEachClosing() {
        long now = 0;
        for (long expected : new long[] {5, 10, 20, 40, 60, 60}) {
            gate.refused(now, Optional.empty());
            gate.refused(now, Optional.empty()); // others in flight are no new closing
            assertThat(gate.passAt(now, PACE)).isEqualTo(now + expected * SECOND);
            now += expected * SECOND;
        }
    }

    @Test
    void aLongTimeOfSuccessForgetsTheGuess() {
        gate.refused(0, Optional.empty());
        gate.refused(5 * SECOND, Optional.empty());
        assertThat(gate.mayPass(60 * SECOND, PACE)).isTrue();
        gate.succeeded(60 * SECOND);
        gate.refused(60 * SECOND, Optional.empty());
        assertThat(gate.passAt(60 * SECOND, PACE)).isEqualTo(65 * SECOND);
    }

    @Test
    void anAbsurdWaitIsCutShort() {
        gate.refused(0, Optional.of(Duration.ofDays(1)));
        assertThat(gate.passAt(0, PACE)).isEqualTo(300 * SECOND);
    }
}
