package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.emulator.EmulatorOptions.QuotaPolicy;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class QuotaOverHttpTest {
    private static final String A_STRANGER =
            "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000001";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);

    @Test
    void opensAgainThirtySecondsAfterAzuresLimitWasReached() {
        try (AcsEmulator emulator = AcsEmulator.start(
                EmulatorOptions.ephemeral().withQuota(QuotaPolicy.AZURE).withClock(clock))) {
            var caller = new Caller(emulator);
            // whatever is asked for, each call counts
            for (int call = 0; call < 499; call++) {
                caller.delete(A_STRANGER);
            }
            assertThat(caller.delete(A_STRANGER).statusCode()).isEqualTo(401);

            HttpResponse<String> refused = caller.delete(A_STRANGER);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
            assertThat(caller.post(Caller.EXCHANGE, "{}").statusCode()).isEqualTo(400);

            now.updateAndGet(then -> then.plus(Duration.ofSeconds(30)));
            assertThat(caller.delete(A_STRANGER).statusCode()).isEqualTo(401);
        }
    }
}
