package io.tokenbroker.emulator.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private final Quota quota = new Quota(Map.of(Operation.CREATE, 3));

    @Test
    void allowsTheLimitInAnyThirtySeconds() {
        assertThat(quota.excess(Operation.CREATE, START)).isEmpty();
        assertThat(quota.excess(Operation.CREATE, START.plusSeconds(10))).isEmpty();
        assertThat(quota.excess(Operation.CREATE, START.plusSeconds(20))).isEmpty();
        assertThat(quota.excess(Operation.CREATE, START.plusSeconds(30))).isEmpty();
    }

    @Test
    void refusesOneMoreAndSaysHowLongToWait() {
        quota.excess(Operation.CREATE, START);
        quota.excess(Operation.CREATE, START.plusSeconds(10));
        quota.excess(Operation.CREATE, START.plusSeconds(20));

        // the refused call counts itself, so it is the second one that has to be out of the window
        assertThat(quota.excess(Operation.CREATE, START.plusSeconds(29))).contains(Duration.ofSeconds(11));
        assertThat(quota.excess(Operation.CREATE, START.plusSeconds(40))).isEmpty();
    }

    @Test
    void keepsRefusingWhoeverKeepsKnocking() {
        for (int second = 0; second < 3; second++) {
            assertThat(quota.excess(Operation.CREATE, START.plusSeconds(second)))
                    .isEmpty();
        }
        for (int second = 3; second < 120; second += 9) {
            assertThat(quota.excess(Operation.CREATE, START.plusSeconds(second)))
                    .isPresent();
        }
    }

    @Test
    void knowsAzuresLimits() {
        Quota azure = Quota.azure();
        for (int call = 0; call < 500; call++) {
            assertThat(azure.excess(Operation.REVOKE, START)).isEmpty();
            assertThat(azure.excess(Operation.CREATE, START)).isEmpty();
        }

        assertThat(azure.excess(Operation.REVOKE, START)).isPresent();
        assertThat(azure.excess(Operation.CREATE, START)).isEmpty();
        assertThat(azure.excess(Operation.DELETE, START)).isEmpty();
    }

    @Test
    void limitsNothingItHasNoLimitFor() {
        for (int call = 0; call < 2000; call++) {
            assertThat(Quota.none().excess(Operation.ISSUE, START)).isEmpty();
        }
    }
}
