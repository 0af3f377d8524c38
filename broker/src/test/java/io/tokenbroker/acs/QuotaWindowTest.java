package io.tokenbroker.acs;

import static io.tokenbroker.pipeline.IdentityCalls.Priority.LIVE;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.REPLAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class QuotaWindowTest {

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    @Test
    void aSlotIsFreeAgainAWindowAfterTheCallEnded() {
        var window = new QuotaWindow(1, WINDOW);
        window.take();
        assertThat(window.roomAt(5, 0)).isEqualTo(Long.MAX_VALUE);
        window.ended(10);

        assertThat(window.hasRoom(9 + WINDOW)).isFalse();
        assertThat(window.roomAt(11, 0)).isEqualTo(10 + WINDOW);
        assertThat(window.hasRoom(10 + WINDOW)).isTrue();
    }

    @Test
    void aCallThatWasNotMadeTakesNoSlot() {
        var window = new QuotaWindow(1, WINDOW);
        window.take();
        window.giveBack();
        assertThat(window.hasRoom(0)).isTrue();
    }

    @Test
    void theShareOfAnInstanceIsNeverLessThanOneCall() {
        var window = new QuotaWindow(10, WINDOW);
        window.share(0.001);
        assertThat(window.limit()).isEqualTo(1);
        window.share(0.3);
        assertThat(window.limit()).isEqualTo(3);
    }

    @Test
    void aSmallerShareWaitsForAsManyCallsAsAreTooMany() {
        var window = new QuotaWindow(4, WINDOW);
        for (int i = 0; i < 4; i++) {
            window.take();
            window.ended(i);
        }
        window.share(0.5);
        assertThat(window.roomAt(10, 0)).isEqualTo(2 + WINDOW);
    }

    /** Whenever within a call ACS counts it, and whatever ends it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261120, 4711})
    void noWindowEverHoldsMoreCallsThanTheLimit(long seed) {
        var random = new Random(seed);
        int limit = 3 + random.nextInt(20);
        var fixture =
                GovernorFixture.aGovernor().withQuota(Operation.CREATE, limit).withMaxInFlight(8);
        List<Long> counted = new ArrayList<>();
        List<GovernorFixture.Told> told = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            long early = random.nextInt(300);
            long late = random.nextInt(300);
            int end = random.nextInt(20);
            Mono<String> answer = end == 0
                    ? Mono.error(GovernorFixture.throttled(end % 2 == 0 ? null : Duration.ofSeconds(1)))
                    : end == 1 ? Mono.error(GovernorFixture.serverError()) : Mono.just("done");
            Mono<String> remote = Mono.delay(Duration.ofMillis(early), fixture.time)
                    .doOnNext(tick -> counted.add(fixture.time.now(TimeUnit.NANOSECONDS)))
                    .then(Mono.delay(Duration.ofMillis(late), fixture.time))
                    .then(answer);
            if (end == 0) { // else it would be throttled for ever
                remote = remote.onErrorResume(error -> random.nextBoolean(), error -> Mono.just("done in the end"));
            }
            told.add(fixture.call(Operation.CREATE, random.nextBoolean() ? LIVE : REPLAY, remote));
            if (random.nextInt(10) == 0) {
                told.get(random.nextInt(told.size())).cancel();
            }
            if (random.nextInt(3) == 0) {
                fixture.pass(Duration.ofMillis(random.nextInt(3_000)));
            }
        }
        fixture.pass(Duration.ofMinutes(10));

        assertThat(counted).hasSizeGreaterThan(limit * 10);
        for (int first = 0; first + limit < counted.size(); first++) {
            assertThat(counted.get(first + limit) - counted.get(first)).isGreaterThan(WINDOW);
        }
    }
}
