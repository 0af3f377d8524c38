package io.tokenbroker.acs;

import static io.tokenbroker.acs.GovernorFixture.aGovernor;
import static io.tokenbroker.acs.GovernorFixture.refused;
import static io.tokenbroker.acs.GovernorFixture.serverError;
import static io.tokenbroker.acs.GovernorFixture.throttled;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.INTERACTIVE;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.LIVE;
import static io.tokenbroker.pipeline.IdentityCalls.Priority.REPLAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.acs.GovernorFixture.Told;
import io.tokenbroker.lifecycle.AcsFault;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class QuotaGovernorTest {

    private static final Duration WINDOW = Duration.ofMillis(30_200);

    @Test
    void aCallIsMadeAfterWhatHasToComeBeforeIt() {
        var fixture = aGovernor();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Mono<Void> before = Mono.fromRunnable(() -> order.add("before"));
        Told told = fixture.call(Operation.CREATE, LIVE, before, Mono.fromSupplier(() -> {
            order.add("call");
            return "done";
        }));

        fixture.settle();

        assertThat(order).containsExactly("before", "call");
        assertThat(told.value).isEqualTo("done");
        assertThat(fixture.governor().answered()).isEqualTo(1);
    }

    @Test
    void anErrorBeforeTheCallIsTheResultAndTheCallIsNotMade() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 1);
        var broken = new IllegalStateException("no intent");
        Told told = fixture.call(Operation.CREATE, LIVE, Mono.error(broken), Mono.just("never"));
        fixture.settle();
        assertThat(told.error).isSameAs(broken);

        Told next = fixture.call(Operation.CREATE, LIVE, Mono.just("its slot is free"));
        fixture.settle();
        assertThat(next.value).isEqualTo("its slot is free");
    }

    @Test
    void callsOverTheQuotaWaitUntilAWindowAfterEarlierOnesEnded() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 3);
        List<Told> told = fixture.calls(
                5, Operation.CREATE, LIVE, Mono.just("done").delayElement(Duration.ofSeconds(2), fixture.time));

        fixture.pass(Duration.ofSeconds(2).plus(WINDOW).minusMillis(1));
        assertThat(told.stream().filter(Told::isOpen)).hasSize(2);

        fixture.pass(Duration.ofSeconds(3));
        assertThat(told.stream().filter(Told::isOpen)).isEmpty();
    }

    @Test
    void theQuotasOfOperationsAreSeparate() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 1);
        fixture.calls(2, Operation.CREATE, LIVE, Mono.just("done"));
        Told other = fixture.call(Operation.DELETE, REPLAY, Mono.just("done"));

        fixture.settle();

        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void interactiveGoesBeforeLiveAndLiveBeforeReplay() {
        var fixture = aGovernor().withMaxInFlight(1);
        List<String> order = new ArrayList<>();
        Sinks.One<String> first = Sinks.one();
        fixture.call(Operation.CREATE, LIVE, first.asMono());
        fixture.settle();
        for (var priority : List.of(REPLAY, LIVE, INTERACTIVE)) {
            fixture.call(Operation.CREATE, priority, Mono.fromSupplier(() -> {
                order.add(priority.name());
                return "done";
            }));
        }
        first.tryEmitValue("done");
        fixture.settle();

        assertThat(order).containsExactly("INTERACTIVE", "LIVE", "REPLAY");
    }

    @Test
    void neverMoreThanTheBoundAreInFlightAndOthersPrepareMeanwhile() {
        var fixture = aGovernor().withMaxInFlight(4);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var preparing = new AtomicInteger();
        Mono<Void> before = Mono.fromRunnable(preparing::incrementAndGet);
        Mono<String> remote = Mono.defer(() -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            return Mono.just("done")
                    .delayElement(Duration.ofMillis(50), fixture.time)
                    .doFinally(end -> now.decrementAndGet());
        });
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            told.add(fixture.call(Operation.CREATE, LIVE, before, remote));
        }

        fixture.settle();
        assertThat(preparing).hasValue(3 * 4);
        assertThat(fixture.gauge("tokenbroker.acs.in.flight")).isEqualTo(4);
        fixture.pass(Duration.ofSeconds(1));

        assertThat(most).hasValue(4);
        assertThat(told).noneMatch(Told::isOpen);
    }

    @Test
    void workInTheBackgroundHasATwentiethOfItsQuotaUnderWayAndCallersGoPastIt() {
        var fixture = aGovernor().withMaxInFlight(500);
        Mono<String> slow = Mono.just("done").delayElement(Duration.ofSeconds(1), fixture.time);
        List<Told> work = fixture.calls(200, Operation.CREATE, LIVE, slow);
        fixture.settle();
        assertThat(fixture.gauge("tokenbroker.acs.in.flight")).isEqualTo(50);

        Told caller = fixture.call(Operation.CREATE, INTERACTIVE, slow);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(caller.value).isEqualTo("done");

        fixture.pass(Duration.ofSeconds(3));
        assertThat(work).noneMatch(Told::isOpen);
    }

    @Test
    void aThrottledCallIsMadeAgainFirstAndItsCallerNeverKnows() {
        var fixture = aGovernor().withMaxInFlight(1);
        List<String> order = new ArrayList<>();
        var attempts = new AtomicInteger();
        Told first = fixture.call(Operation.CREATE, LIVE, Mono.defer(() -> {
            order.add("first");
            return attempts.incrementAndGet() == 1 ? Mono.error(throttled(Duration.ofSeconds(3))) : Mono.just("done");
        }));
        Told second = fixture.call(Operation.CREATE, LIVE, Mono.fromSupplier(() -> {
            order.add("second");
            return "done";
        }));

        fixture.pass(Duration.ofMillis(2_999));
        assertThat(order).containsExactly("first");
        fixture.pass(Duration.ofSeconds(2));

        assertThat(order).containsExactly("first", "first", "second");
        assertThat(first.value).isEqualTo("done");
        assertThat(second.value).isEqualTo("done");
        assertThat(fixture.registry
                        .get("tokenbroker.acs.throttled")
                        .tag("operation", "create")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatIsUsedOfTheQuotaIsShownBesideTheShareAndIsOverAWindowLater() {
        var fixture = aGovernor();
        fixture.governor().share(0.5, 1);
        fixture.calls(3, Operation.CREATE, LIVE, Mono.just("done"));
        fixture.settle();
        assertThat(fixture.gauge("tokenbroker.acs.quota.used", "operation", "create"))
                .isEqualTo(3);
        double half = fixture.gauge("tokenbroker.acs.quota.limit", "operation", "create");

        fixture.pass(Duration.ofSeconds(31));

        assertThat(fixture.gauge("tokenbroker.acs.quota.used", "operation", "create"))
                .isZero();
        fixture.governor().share(1, 1);
        fixture.settle();
        assertThat(fixture.gauge("tokenbroker.acs.quota.limit", "operation", "create"))
                .isEqualTo(2 * half);
    }

    @Test
    void a429ClosesItsOwnOperationOnly() {
        var fixture = aGovernor();
        fixture.call(Operation.CREATE, LIVE, Mono.error(throttled(null)));
        fixture.settle();

        Told same = fixture.call(Operation.CREATE, LIVE, Mono.just("done"));
        Told other = fixture.call(Operation.REVOKE, LIVE, Mono.just("done"));
        fixture.settle();

        assertThat(same.isOpen()).isTrue();
        assertThat(other.isOpen()).isFalse();
    }

    @Test
    void afterA429TheRateGrowsFromATenth() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 300);
        var attempts = new AtomicInteger();
        fixture.calls(
                200,
                Operation.CREATE,
                LIVE,
                Mono.defer(() -> attempts.getAndIncrement() == 0
                        ? Mono.error(throttled(Duration.ofSeconds(1)))
                        : Mono.just("done")));
        fixture.pass(Duration.ofMillis(1_100));
        int before = attempts.get();

        fixture.pass(Duration.ofSeconds(1));
        int afterOne = attempts.get() - before;
        fixture.pass(Duration.ofSeconds(1));
        int afterTwo = attempts.get() - before;
        fixture.pass(Duration.ofSeconds(8));

        assertThat(afterOne).isBetween(1, 4);
        assertThat(afterTwo - afterOne).isGreaterThanOrEqualTo(afterOne).isLessThan(10);
        assertThat(attempts).hasValue(201);
    }

    @Test
    void refusalsAndServerErrorsAreTheCallersToKnow() {
        var fixture = aGovernor();
        Told no = fixture.call(Operation.CREATE, LIVE, Mono.error(refused()));
        Told broken = fixture.call(Operation.CREATE, LIVE, Mono.error(serverError()));
        fixture.settle();

        assertThat(kind(no)).isEqualTo(AcsFault.Kind.REFUSED);
        assertThat(kind(broken)).isEqualTo(AcsFault.Kind.RETRIABLE);
        assertThat(fixture.governor().answered()).isZero();
    }

    @Test
    void anInteractiveCallWaitsFiveSecondsAtMost() {
        var fixture = aGovernor().withQuota(Operation.ISSUE, 1);
        fixture.call(Operation.ISSUE, INTERACTIVE, Mono.just("done"));
        Told told = fixture.call(Operation.ISSUE, INTERACTIVE, Mono.just("done"));

        fixture.pass(Duration.ofMillis(4_999));
        assertThat(told.isOpen()).isTrue();
        fixture.pass(Duration.ofMillis(1));

        assertThat(kind(told)).isEqualTo(AcsFault.Kind.THROTTLED);
        assertThat(told.fault().retryAfter()).hasValue(Duration.ofSeconds(26));
    }

    @Test
    void cancellingGivesBackWhateverIsHeldAtEachStage() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 2).withMaxInFlight(1);
        var called = new AtomicInteger();
        Told calling = fixture.call(Operation.CREATE, LIVE, Mono.never());
        fixture.settle();
        Told beginning = fixture.call(Operation.CREATE, LIVE, Mono.never(), Mono.fromSupplier(() -> "" + called));
        Told waiting = fixture.call(Operation.CREATE, LIVE, Mono.just("done"));
        fixture.settle();

        waiting.cancel();
        beginning.cancel();
        calling.cancel();
        calling.cancel();
        fixture.settle();

        assertThat(fixture.gauge("tokenbroker.acs.in.flight")).isZero();
        assertThat(fixture.gauge("tokenbroker.acs.waiting", "priority", "live")).isZero();
        assertThat(fixture.gauge("tokenbroker.acs.quota.used", "operation", "create"))
                .isEqualTo(1); // the one that was made
        Told next = fixture.call(Operation.CREATE, LIVE, Mono.just("done"));
        fixture.settle();
        assertThat(next.value).isEqualTo("done");
        assertThat(waiting.isOpen() && beginning.isOpen() && calling.isOpen()).isTrue();
    }

    @Test
    void aReadyCallThatIsCancelledFreesItsPlace() {
        var fixture = aGovernor().withMaxInFlight(2);
        Sinks.One<String> busy = Sinks.one();
        fixture.calls(2, Operation.CREATE, LIVE, busy.asMono());
        fixture.settle();
        Told ready = fixture.call(Operation.CREATE, LIVE, Mono.just("cancelled"));
        Told behind = fixture.call(Operation.CREATE, LIVE, Mono.just("done"));
        fixture.settle();

        ready.cancel();
        busy.tryEmitValue("done");
        fixture.settle();

        assertThat(behind.value).isEqualTo("done");
        assertThat(ready.isOpen()).isTrue();
    }

    @Test
    void aShareOfTheQuotaHoldsFromNowOn() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 10).withQuota(Operation.ISSUE, 10);
        fixture.governor().share(0.25, 0.5);
        var events = fixture.calls(10, Operation.CREATE, LIVE, Mono.just("done"));
        var callers = fixture.calls(10, Operation.ISSUE, INTERACTIVE, Mono.just("done"));
        fixture.settle();
        assertThat(events.stream().filter(Told::isOpen)).hasSize(8);
        assertThat(callers.stream().filter(Told::isOpen)).hasSize(5);

        fixture.governor().share(1, 1);
        fixture.settle();

        assertThat(events).noneMatch(Told::isOpen);
        assertThat(callers).noneMatch(Told::isOpen);
    }

    @Test
    void tenThousandCallsThatCompleteAtOnceNeedNoDeepStack() throws InterruptedException {
        var fixture = aGovernor().withQuota(Operation.CREATE, 1_000_000);
        var done = new CountDownLatch(10_000);
        var governor = new QuotaGovernor(
                fixture.limits,
                1,
                Schedulers.parallel(),
                System::nanoTime,
                Clock.systemUTC(),
                () -> 0,
                new GovernorMeters(fixture.registry));
        for (int i = 0; i < 10_000; i++) {
            governor.call(GovernorFixture.CURRENT, Operation.CREATE, LIVE, Mono.empty(), Mono.just("done"))
                    .subscribe(value -> done.countDown());
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(governor.answered()).isEqualTo(10_000);
    }

    @Test
    void aLiveEventAmidAReplayDoesNotWait() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 100);
        fixture.calls(1_000, Operation.CREATE, REPLAY, Mono.just("done"));
        for (int second = 0; second < 300; second += 4) {
            fixture.pass(Duration.ofSeconds(4));
            Told live = fixture.call(Operation.CREATE, LIVE, Mono.just("done"));
            fixture.settle();
            assertThat(live.isOpen()).as("after %d s", second).isFalse();
        }
    }

    @Test
    void replayHasAllButAFiftiethOfTheQuotaOverTime() {
        var fixture = aGovernor().withQuota(Operation.CREATE, 100);
        List<Told> told = fixture.calls(1_000, Operation.CREATE, REPLAY, Mono.just("done"));

        fixture.settle();
        assertThat(told.stream().filter(each -> !each.isOpen())).hasSize(51);
        fixture.pass(WINDOW.multipliedBy(5));

        assertThat(told.stream().filter(each -> !each.isOpen())).hasSizeBetween(530, 550);
    }

    @Test
    void whateverIsCancelledFromWhereverNothingStaysHeld() throws InterruptedException {
        var fixture = aGovernor().withQuota(Operation.CREATE, 1_000_000).withMaxInFlight(7);
        var governor = new QuotaGovernor(
                fixture.limits,
                7,
                Schedulers.parallel(),
                System::nanoTime,
                Clock.systemUTC(),
                () -> 0,
                new GovernorMeters(fixture.registry));
        var random = new Random(20261120);
        var ended = new CountDownLatch(3_000);
        for (int i = 0; i < 3_000; i++) {
            Mono<Void> before = random.nextBoolean()
                    ? Mono.empty()
                    : Mono.delay(Duration.ofMillis(random.nextInt(3))).then();
            Mono<String> remote = random.nextInt(5) == 0
                    ? Mono.error(serverError())
                    : Mono.delay(Duration.ofMillis(random.nextInt(3))).thenReturn("done");
            var call = governor.call(
                            GovernorFixture.CURRENT,
                            Operation.CREATE,
                            random.nextBoolean() ? LIVE : REPLAY,
                            before,
                            remote)
                    .onErrorComplete();
            (random.nextBoolean() ? call : call.timeout(Duration.ofMillis(random.nextInt(20)), Mono.empty()))
                    .doFinally(end -> ended.countDown())
                    .subscribe();
            if (i % 100 == 0) {
                governor.share(1, 1);
            }
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();

        Mono<List<String>> all = Flux.range(0, 100)
                .flatMap(i ->
                        governor.call(GovernorFixture.CURRENT, Operation.CREATE, LIVE, Mono.empty(), Mono.just("done")))
                .collectList();
        assertThat(all.block(Duration.ofSeconds(10))).hasSize(100);
        await().until(() -> fixture.gauge("tokenbroker.acs.in.flight") == 0);
        assertThat(fixture.gauge("tokenbroker.acs.waiting", "priority", "live")).isZero();
        assertThat(fixture.gauge("tokenbroker.acs.waiting", "priority", "replay"))
                .isZero();
    }

    private static AcsFault.Kind kind(Told told) {
        return told.fault().kind();
    }
}
