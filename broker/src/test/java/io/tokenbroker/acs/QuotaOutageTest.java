package io.tokenbroker.acs;

import static io.tokenbroker.acs.GovernorFixture.aGovernor;
import static io.tokenbroker.acs.GovernorFixture.denied;
import static io.tokenbroker.acs.GovernorFixture.refused;
import static io.tokenbroker.acs.GovernorFixture.timeout;
import static io.tokenbroker.acs.GovernorFixture.unconnected;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.INTERACTIVE;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.acs.GovernorFixture.Told;
import io.tokenbroker.lifecycle.AcsFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class QuotaOutageTest {

    private final GovernorFixture fixture = aGovernor();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicReference<@Nullable Failure> away = new AtomicReference<>();
    private final Mono<String> acs = Mono.defer(() -> {
        attempts.incrementAndGet();
        Failure failure = away.get();
        return failure == null ? Mono.just("done") : Mono.error(failure);
    });

    @Test
    void underWrongCredentialsEveryCallWaitsAndOneTriesFromTimeToTime() {
        away.set(denied());
        List<Told> told = fixture.calls(50, Operation.CREATE, LIVE, acs);

        fixture.pass(Duration.ofSeconds(60));

        assertThat(told).allMatch(Told::isOpen);
        assertThat(attempts.get()).isBetween(12, 25);
        assertThat(fixture.gauge("tokenbroker.acs.outage")).isEqualTo(1);
        assertThat(fixture.governor().outage().orElseThrow().code()).isEqualTo("Denied");
    }

    @Test
    void whenTheCredentialsAreRightAgainEverythingGoesOnByItself() {
        away.set(denied());
        List<Told> told = fixture.calls(50, Operation.CREATE, LIVE, acs);
        fixture.pass(Duration.ofSeconds(20));

        away.set(null);
        fixture.pass(Duration.ofSeconds(5));

        assertThat(told).noneMatch(Told::isOpen);
        assertThat(told).allMatch(each -> each.error == null);
        assertThat(fixture.governor().outage()).isEmpty();
    }

    @Test
    void fiveCallsInARowWithoutAnAnswerAreAnOutage() {
        away.set(timeout());
        for (int i = 0; i < 4; i++) {
            fixture.call(Operation.CREATE, LIVE, acs);
        }
        fixture.settle();
        assertThat(fixture.governor().outage()).isEmpty();

        Told fifth = fixture.call(Operation.CREATE, LIVE, acs);
        fixture.settle();

        assertThat(fixture.governor().outage()).isPresent();
        assertThat(fifth.fault().kind()).isEqualTo(AcsFault.Kind.RETRIABLE);
        Told sixth = fixture.call(Operation.CREATE, LIVE, acs);
        fixture.settle();
        assertThat(sixth.isOpen()).isTrue();
        assertThat(attempts).hasValue(5);
    }

    @Test
    void afterAnOutageItIsFoundOutAnewHowManyCallsAcsBears() {
        GovernorFixture wide = aGovernor().withMaxInFlight(100);
        away.set(timeout());
        wide.calls(5, Operation.CREATE, LIVE, acs);
        wide.settle();
        assertThat(wide.governor().outage()).isPresent();
        away.set(null);

        Mono<String> slow = Mono.delay(Duration.ofMillis(100), wide.time()).thenReturn("done");
        List<Told> told = wide.calls(200, Operation.CREATE, LIVE, slow);
        wide.pass(Duration.ofMillis(400));
        assertThat(wide.gauge("tokenbroker.acs.in.flight")).isBetween(1.0, 20.0);

        wide.pass(Duration.ofSeconds(5));
        assertThat(told).noneMatch(Told::isOpen);
        assertThat(wide.gauge("tokenbroker.acs.in.flight.limit")).isBetween(50.0, 60.0);
    }

    @Test
    void callsThatHangDoNotKeepAnOutageFromEnding() {
        GovernorFixture wide = aGovernor().withMaxInFlight(100);
        wide.calls(40, Operation.CREATE, LIVE, Mono.never());
        away.set(timeout());
        wide.calls(5, Operation.CREATE, LIVE, acs);
        wide.settle();
        assertThat(wide.governor().outage()).isPresent();

        away.set(null);
        List<Told> told = wide.calls(30, Operation.CREATE, LIVE, acs);
        wide.pass(Duration.ofSeconds(1));

        assertThat(wide.governor().outage()).isEmpty();
        assertThat(told).noneMatch(Told::isOpen);
    }

    @Test
    void anAnswerBetweenBeginsTheRowAnew() {
        for (int i = 0; i < 20; i++) {
            away.set(i % 5 == 4 ? refused() : timeout());
            fixture.call(Operation.CREATE, LIVE, acs);
            fixture.settle();
        }
        assertThat(fixture.governor().outage()).isEmpty();
    }

    @Test
    void aCallThatWasNeverSentIsMadeAgainWithoutItsCallerKnowing() {
        away.set(unconnected());
        List<Told> told = fixture.calls(3, Operation.CREATE, LIVE, acs);
        fixture.pass(Duration.ofSeconds(30));
        assertThat(told).allMatch(Told::isOpen);
        assertThat(fixture.gauge("tokenbroker.acs.quota.used", "operation", "create"))
                .isZero();

        away.set(null);
        fixture.pass(Duration.ofSeconds(5));

        assertThat(told).allMatch(each -> "done".equals(each.value));
    }

    @Test
    void interactiveCallsAreTurnedAwayDuringAnOutage() {
        away.set(denied());
        fixture.call(Operation.CREATE, LIVE, acs);
        fixture.settle();

        Told told = fixture.call(Operation.ISSUE, INTERACTIVE, acs);
        fixture.settle();

        assertThat(told.fault().kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
        assertThat(told.fault().retryAfter()).isPresent();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void anInteractiveCallTriesWhereNobodyElseWaits() {
        away.set(denied());
        Told first = fixture.call(Operation.ISSUE, INTERACTIVE, acs);
        fixture.settle();
        assertThat(first.fault().kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
        away.set(null);

        fixture.pass(Duration.ofSeconds(1));
        Told next = fixture.call(Operation.ISSUE, INTERACTIVE, acs);
        fixture.settle();

        assertThat(next.value).isEqualTo("done");
        assertThat(fixture.governor().outage()).isEmpty();
    }

    @Test
    void aCallThatAlwaysFailsDoesNotKeepTheOutageGoing() {
        Told poison = fixture.call(Operation.DELETE, LIVE, Mono.error(denied()));
        fixture.settle();
        Told healthy = fixture.call(Operation.CREATE, LIVE, acs);

        fixture.pass(Duration.ofSeconds(10));

        assertThat(healthy.value).isEqualTo("done");
        assertThat(poison.isOpen()).isTrue();
    }

    @Test
    void anOutageEndsThoughTheCallThatTriesIsCancelled() {
        away.set(denied());
        Told told = fixture.call(Operation.CREATE, LIVE, acs);
        fixture.settle();
        away.set(null);
        Told hanging = fixture.call(Operation.REVOKE, LIVE, Mono.never());
        told.cancel();
        fixture.pass(Duration.ofSeconds(2));
        hanging.cancel();

        Told next = fixture.call(Operation.CREATE, LIVE, acs);
        fixture.pass(Duration.ofSeconds(2));

        assertThat(next.value).isEqualTo("done");
    }
}
