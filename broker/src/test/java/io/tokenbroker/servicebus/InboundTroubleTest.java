package io.tokenbroker.servicebus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class InboundTroubleTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final Trouble bus = new Trouble("in");

    @AfterEach
    void stop() {
        VirtualTimeScheduler.reset();
    }

    private Inbound inbound(Function<Mono<Void>, Mono<Void>> receiving) {
        Inbound inbound = new Inbound(receiving, bus, new Trouble("in, Kafka"));
        inbound.start();
        return inbound;
    }

    @Test
    void troubleLastsWhileEachAttemptFailsOnlyAfterTheClientHasTriedForLong() {
        Duration tried = NamespaceAccess.LONGEST_ATTEMPT.minus(SECOND);
        Inbound inbound = inbound(stopping -> Mono.delay(tried).then(Mono.error(new IllegalStateException())));
        time.advanceTimeBy(tried.plus(SECOND));

        for (int second = 0; second < 600; second++) {
            assertThat(inbound.trouble()).as("in second %d", second).contains("IllegalStateException");
            time.advanceTimeBy(SECOND);
        }
    }

    @Test
    void troubleIsOverOnceAnAttemptHasLastedLongerThanThat() {
        bus.because("away");
        Inbound inbound = inbound(stopping -> stopping);

        time.advanceTimeBy(NamespaceAccess.LONGEST_ATTEMPT.plus(SECOND));

        assertThat(inbound.trouble()).isEmpty();
    }
}
