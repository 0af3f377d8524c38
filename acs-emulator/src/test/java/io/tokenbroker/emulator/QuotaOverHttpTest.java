package io.tokenbroker.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.communication.common.CommunicationUserIdentifier;
import io.tokenbroker.emulator.EmulatorOptions.QuotaPolicy;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class QuotaOverHttpTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);

    @Test
    void opensAgainThirtySecondsAfterAzuresLimitWasReached() {
        try (AcsEmulator emulator = AcsEmulator.start(
                EmulatorOptions.ephemeral().withQuota(QuotaPolicy.AZURE).withClock(clock))) {
            var caller = new Caller(emulator);
            var sdk = caller.sdk();
            // whatever is asked for, each call counts
            Flux.range(0, 499)
                    .flatMap(i -> sdk.deleteUser(aStranger()).onErrorComplete(), 16)
                    .blockLast();
            assertThat(caller.delete(aStranger().getId()).statusCode()).isEqualTo(401);

            HttpResponse<String> refused = caller.delete(aStranger().getId());
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("30");
            assertThat(caller.post(Caller.EXCHANGE, "{}").statusCode()).isEqualTo(400);

            now.updateAndGet(then -> then.plus(Duration.ofSeconds(30)));
            assertThat(caller.delete(aStranger().getId()).statusCode()).isEqualTo(401);
        }
    }

    private static CommunicationUserIdentifier aStranger() {
        return new CommunicationUserIdentifier(
                "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000001");
    }
}
