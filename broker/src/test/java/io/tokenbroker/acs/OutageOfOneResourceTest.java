package io.tokenbroker.acs;

import static io.tokenbroker.acs.GovernorFixture.CURRENT;
import static io.tokenbroker.acs.GovernorFixture.RETIRING;
import static io.tokenbroker.acs.GovernorFixture.aGovernor;
import static io.tokenbroker.acs.GovernorFixture.denied;
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

/** Two resources, one of them away: its calls wait or are turned away, and nobody else notices. */
class OutageOfOneResourceTest {

    private final GovernorFixture fixture = aGovernor();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicReference<@Nullable Failure> away = new AtomicReference<>();
    private final Mono<String> fails = Mono.defer(() -> {
        attempts.incrementAndGet();
        Failure failure = away.get();
        return failure == null ? Mono.just("done") : Mono.error(failure);
    });
    private final Mono<String> works = Mono.just("done");

    @Test
    void aRetiringResourceThatDeniesIsNoOutageOfTheCurrentOne() {
        Told waits = aDeleteOnTheRetiringResourceThatIs(denied());

        Told token = fixture.call(Operation.ISSUE, INTERACTIVE, works);
        List<Told> creates = fixture.calls(50, Operation.CREATE, LIVE, works);
        fixture.settle();

        assertThat(token.value).isEqualTo("done");
        assertThat(creates).noneMatch(Told::isOpen);
        assertThat(waits.isOpen()).isTrue();
        assertThat(fixture.governor().outage()).isEmpty();
        assertThat(fixture.gauge("tokenbroker.acs.outage")).isZero();
        assertThat(fixture.gauge("tokenbroker.acs.retiring.outage")).isEqualTo(1);
    }

    @Test
    void noneIsARetiringResourceThatCannotBeReached() {
        Told waits = aDeleteOnTheRetiringResourceThatIs(unconnected());
        assertThat(attempts).hasValue(Outage.UNANSWERED_IN_A_ROW);

        for (int second = 0; second < 60; second++) {
            fixture.pass(Duration.ofSeconds(1));
            Told token = fixture.call(Operation.ISSUE, INTERACTIVE, works);
            fixture.settle();
            assertThat(token.value).as("after %d s", second).isEqualTo("done");
        }

        assertThat(waits.isOpen()).isTrue();
        assertThat(attempts.get()).isBetween(15, 30);
    }

    @Test
    void whoWaitsForAnAnswerOfTheResourceThatIsAwayIsToldAtOnce() {
        aDeleteOnTheRetiringResourceThatIs(denied());

        Told token = fixture.call(RETIRING, Operation.ISSUE, INTERACTIVE, fails);
        fixture.settle();

        assertThat(token.fault().kind()).isEqualTo(AcsFault.Kind.MISCONFIGURED);
        assertThat(token.fault().retryAfter()).isPresent();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void oneTokenOfTheRetiringResourceDoesNotTakeThoseOfTheCurrentOneAway() {
        away.set(denied());
        fixture.call(RETIRING, Operation.ISSUE, INTERACTIVE, fails);
        fixture.settle();

        Told token = fixture.call(Operation.ISSUE, INTERACTIVE, works);
        fixture.settle();

        assertThat(token.value).isEqualTo("done");
    }

    @Test
    void whenTheRetiringResourceIsBackWhatWaitsForItIsDone() {
        Told waits = aDeleteOnTheRetiringResourceThatIs(denied());
        List<Told> others = fixture.calls(20, RETIRING, Operation.DELETE, LIVE, fails);
        fixture.pass(Duration.ofSeconds(30));

        away.set(null);
        fixture.pass(Duration.ofSeconds(5));

        assertThat(waits.value).isEqualTo("done");
        assertThat(others).allMatch(each -> "done".equals(each.value));
        assertThat(fixture.governor().outagesOfRetiring()).isEmpty();
        assertThat(fixture.gauge("tokenbroker.acs.retiring.outage")).isZero();
    }

    @Test
    void anOutageOfTheCurrentResourceHoldsUpNothingOfTheRetiringOne() {
        away.set(denied());
        fixture.call(Operation.CREATE, LIVE, fails);
        fixture.settle();

        Told delete = fixture.call(RETIRING, Operation.DELETE, LIVE, works);
        Told token = fixture.call(RETIRING, Operation.ISSUE, INTERACTIVE, works);
        fixture.settle();

        assertThat(delete.value).isEqualTo("done");
        assertThat(token.value).isEqualTo("done");
        assertThat(fixture.governor().outage()).isPresent();
        assertThat(fixture.gauge("tokenbroker.acs.outage")).isEqualTo(1);
    }

    @Test
    void theOneThatTriesDoesNotWaitBehindCallsOfTheOtherResource() {
        GovernorFixture narrow = aGovernor().withMaxInFlight(1);
        away.set(denied());
        Told waits = narrow.call(RETIRING, Operation.DELETE, LIVE, fails);
        narrow.settle();
        Mono<String> slow = Mono.delay(Duration.ofMillis(300), narrow.time()).thenReturn("done");
        List<Told> many = narrow.calls(200, Operation.CREATE, LIVE, slow);
        away.set(null);

        narrow.pass(Duration.ofSeconds(2));

        assertThat(waits.value).isEqualTo("done");
        assertThat(many).anyMatch(Told::isOpen);
    }

    @Test
    void whatWaitsForAResourceThatIsAwayHoldsNoSlotOfTheSharedQuota() {
        GovernorFixture small = aGovernor().withQuota(Operation.DELETE, 2).withMaxInFlight(1);
        away.set(denied());
        small.calls(10, RETIRING, Operation.DELETE, LIVE, fails);
        small.pass(Duration.ofSeconds(1));
        away.set(unconnected());
        small.pass(Duration.ofSeconds(60));

        Told delete = small.call(Operation.DELETE, LIVE, works);
        small.settle();

        assertThat(delete.value).isEqualTo("done");
    }

    @Test
    void aRetiringResourceThatDoesNotAnswerMakesNothingNarrowerForTheCurrentOne() {
        away.set(timeout());
        fixture.calls(20, RETIRING, Operation.DELETE, LIVE, fails);
        fixture.pass(Duration.ofSeconds(30));
        assertThat(fixture.governor().outagesOfRetiring()).hasSize(1);

        Mono<String> slow = Mono.delay(Duration.ofMillis(50), fixture.time()).thenReturn("done");
        fixture.calls(100, Operation.ISSUE, INTERACTIVE, slow);
        fixture.settle();

        assertThat(fixture.gauge("tokenbroker.acs.in.flight")).isEqualTo(100);
        assertThat(fixture.gauge("tokenbroker.acs.in.flight.limit")).isEqualTo(100);
    }

    @Test
    void whatOneResourceAnswersIsNotCountedForTheOther() {
        fixture.calls(3, Operation.CREATE, LIVE, works);
        fixture.call(RETIRING, Operation.DELETE, LIVE, works);
        fixture.settle();

        assertThat(fixture.governor().answered(CURRENT)).isEqualTo(3);
        assertThat(fixture.governor().answered(RETIRING)).isEqualTo(1);
        assertThat(fixture.governor().answered()).isEqualTo(4);
    }

    private Told aDeleteOnTheRetiringResourceThatIs(Failure failure) {
        away.set(failure);
        Told told = fixture.call(RETIRING, Operation.DELETE, LIVE, fails);
        fixture.settle();
        assertThat(fixture.governor().outagesOfRetiring())
                .extracting(Outage.Report::resource)
                .containsExactly(RETIRING);
        return told;
    }
}
