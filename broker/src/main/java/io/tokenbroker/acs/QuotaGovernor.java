package io.tokenbroker.acs;

import io.tokenbroker.acs.GovernedCall.Stage;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import io.tokenbroker.pipeline.QuotaShares;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides when each call to ACS is made: never more within any window than the quota allows, never more at a time than
 * may be in flight, interactive calls before live events before replay, none to an operation that ACS throttles, and to
 * a resource that is away one that tries. All decisions are made one after the other in a {@link SerialLoop}; calls themselves
 * run on the scheduler.
 */
final class QuotaGovernor implements QuotaShares {

    /** How long an interactive call waits for its turn. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration WINDOW = Duration.ofSeconds(30);
    /** Clocks of two machines measure thirty seconds differently. */
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(200);

    private final Turns turns;
    private final SerialLoop loop = new SerialLoop(this::dispatch);
    private final AtomicLong places = new AtomicLong();
    private final Scheduler scheduler;
    private final LongSupplier nanos;
    private final long origin;
    private final GovernorMeters meters;
    private final Alarms alarms;

    /**
     * @param perWindow calls allowed per 30 s
     * @param nanos a clock that never goes back
     * @param random 0 to 1, for jitter
     */
    QuotaGovernor(
            Map<Operation, Integer> perWindow,
            int maxInFlight,
            Scheduler scheduler,
            LongSupplier nanos,
            Clock clock,
            DoubleSupplier random,
            GovernorMeters meters) {
        long window = WINDOW.plus(WINDOW_MARGIN).toNanos();
        this.turns = new Turns(perWindow, window, maxInFlight, clock, random);
        this.scheduler = scheduler;
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
        this.alarms = new Alarms(scheduler, loop);
        this.meters = meters;
        meters.watch(turns);
    }

    /**
     * Makes the call when its turn has come. While it waits, cancelling leaves no trace.
     *
     * @param resource where the call goes
     * @param beforeCall subscribed once per turn, its error is the result's
     * @param remote subscribed once per turn; errors are {@link Failure}s
     * @return the answer, or an {@link AcsFault}; to calls that are not interactive never one of kind THROTTLED or
     *     MISCONFIGURED, as they wait instead
     */
    <T> Mono<T> call(
            ResourceName resource, Operation operation, Priority priority, Mono<Void> beforeCall, Mono<T> remote) {
        return Mono.create(sink -> {
            long place = places.incrementAndGet();
            Destination destination = turns.destination(resource);
            var call = new GovernedCall<>(destination, operation, priority, beforeCall, remote, sink, place, now());
            sink.onCancel(() -> loop.execute(() -> cancelled(call)));
            loop.execute(() -> arrived(call));
        });
    }

    /** Events use create, revoke and delete; callers use issue and exchange. */
    @Override
    public void share(double eventShare, double interactiveShare) {
        loop.execute(() -> turns.lanes().forEach(lane -> {
            double share = lane.operation().interactive() ? interactiveShare : eventShare;
            lane.share(Math.clamp(share, 0.0, 1.0));
        }));
    }

    /** How many calls succeeded since the start. */
    long answered() {
        return turns.destinations().stream().mapToLong(Destination::answered).sum();
    }

    /** How many of them this resource answered. */
    long answered(ResourceName resource) {
        return turns.destination(resource).answered();
    }

    /** Of the current resource. */
    Optional<Outage.Report> outage() {
        return outages().filter(report -> report.resource().current()).findFirst();
    }

    List<Outage.Report> outagesOfRetiring() {
        return outages().filter(report -> !report.resource().current()).toList();
    }

    private Stream<Outage.Report> outages() {
        return turns.destinations().stream().map(Destination::outage).flatMap(Optional::stream);
    }

    private long now() {
        return nanos.getAsLong() - origin;
    }

    private void arrived(GovernedCall<?> call) {
        if (call.stage() == Stage.WAITING) {
            turns.waitLast(call);
            watch(call);
        }
    }

    private void watch(GovernedCall<?> call) {
        if (call.interactive()) {
            long rest = Math.max(0, call.arrivedAt() + PATIENCE.toNanos() - now());
            call.impatient(alarms.after(rest, () -> outOfPatience(call)));
        }
    }

    private void outOfPatience(GovernedCall<?> call) {
        if (call.stage() == Stage.DONE || call.stage() == Stage.CALLING) {
            return;
        }
        release(call);
        long next = turns.lane(call).turnAt(call.priority(), now());
        long wait = next == Long.MAX_VALUE ? 0 : Math.max(0, next - now());
        String message = call.operation().settingName() + ": no turn within " + PATIENCE.toSeconds() + " s";
        Duration retryAfter = Duration.ofNanos(wait).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        call.fail(scheduler, new AcsFault(AcsFault.Kind.THROTTLED, "NoTurn", message, retryAfter, null));
    }

    private void cancelled(GovernedCall<?> call) {
        if (call.stage() == Stage.DONE) {
            return;
        }
        if (call.stage() == Stage.CALLING) {
            meters.ended(call, now(), "cancelled");
        }
        release(call);
        call.end();
    }

    /** For a call that ends or begins anew without an answer. */
    private void release(GovernedCall<?> call) {
        turns.release(call, now(), true);
        if (call.destination().tried(call)) {
            call.destination().missed(now());
        }
    }

    private void begin(GovernedCall<?> call, long now) {
        turns.take(call, now);
        call.begin(
                scheduler,
                () -> loop.execute(() -> hasBegun(call)),
                error -> loop.execute(() -> beginFailed(call, error)));
    }

    private void hasBegun(GovernedCall<?> call) {
        if (call.stage() != Stage.BEGINNING) {
            return;
        }
        turns.ready(call);
        boolean isAway = call.destination().isAway() && call.destination().probe() != call;
        if (isAway || turns.lane(call).gate().isClosed(now())) {
            putBack(call); // what it holds is for others to use meanwhile
        }
    }

    private void beginFailed(GovernedCall<?> call, Throwable error) {
        if (call.stage() == Stage.BEGINNING) {
            release(call);
            call.fail(scheduler, error);
        }
    }

    private void putBack(GovernedCall<?> call) {
        release(call);
        turns.waitFirst(call);
        watch(call);
    }

    private void start(GovernedCall<?> call, long now) {
        turns.start(call);
        call.call(
                scheduler,
                now,
                () -> loop.execute(() -> succeeded(call)),
                error -> loop.execute(() -> failed(call, Failure.of(error))));
    }

    private void succeeded(GovernedCall<?> call) {
        if (call.stage() != Stage.CALLING) {
            return;
        }
        boolean tried = ended(call, "success", true);
        turns.lane(call).gate().succeeded(now());
        call.destination().succeeded(tried);
        call.succeeded();
    }

    private void failed(GovernedCall<?> call, Failure failure) {
        if (call.stage() != Stage.CALLING) {
            return;
        }
        long now = now();
        boolean tried = ended(call, failure.outcome(), failure.reach() != Failure.Reach.NOT_SENT);
        if (call.destination().failed(call, failure, now, tried)) {
            call.destination().ready().all().reversed().forEach(this::putBack);
        }
        boolean again = switch (failure.kind()) {
            case THROTTLED -> {
                turns.lane(call).gate().refused(now, failure.retryAfter());
                turns.readyOf(call.operation()).reversed().forEach(this::putBack);
                yield true;
            }
            case MISCONFIGURED -> !call.interactive();
            case RETRIABLE -> failure.reach() == Failure.Reach.NOT_SENT && !call.interactive();
            case REFUSED, GONE -> false;
        };
        if (!again) {
            call.fail(scheduler, failure.asFault());
            return;
        }
        if (tried) { // another one shall try next, as this one may be what is wrong
            call.goBehind(places.incrementAndGet());
            turns.waitLast(call);
        } else {
            turns.waitFirst(call);
        }
        watch(call);
    }

    /** @return whether the call was the one that tried during an outage */
    private boolean ended(GovernedCall<?> call, String outcome, boolean sent) {
        long now = now();
        boolean tried = call.destination().tried(call);
        meters.ended(call, now, outcome);
        turns.release(call, now, sent);
        return tried;
    }

    private void dispatch() {
        long now = now();
        // those that try first, so that the first place that gets free is theirs
        for (Destination destination : turns.destinations()) {
            if (destination.isAway()) {
                tryOne(destination, now);
                turnAwayInteractive(destination, now);
            }
        }
        for (GovernedCall<?> call = turns.nextReady(); call != null; call = turns.nextReady()) {
            start(call, now);
        }
        for (GovernedCall<?> call = turns.nextDue(now); call != null; call = turns.nextDue(now)) {
            begin(call, now);
        }
        alarms.nextTurn(now, turns.nextTurnAfter(now));
        meters.set(turns, now);
    }

    private void tryOne(Destination destination, long now) {
        if (destination.wantsTrying(now)) {
            GovernedCall<?> due = turns.nextDue(destination, now);
            if (due != null) {
                destination.triedBy(due);
                begin(due, now);
            }
        }
        GovernedCall<?> probe = destination.probe();
        if (probe != null && probe.stage() == Stage.READY && turns.hasPlaceInFlight(destination)) {
            start(probe, now);
        }
    }

    private void turnAwayInteractive(Destination destination, long now) {
        for (GovernedCall<?> call : destination.interactive()) {
            if (call != destination.probe()) {
                release(call);
                call.fail(scheduler, destination.fault(now));
            }
        }
    }
}
