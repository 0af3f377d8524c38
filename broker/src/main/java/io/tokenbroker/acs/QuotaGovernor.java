package io.tokenbroker.acs;

import io.tokenbroker.acs.GovernedCall.Stage;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import io.tokenbroker.pipeline.QuotaShares;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides when each call to ACS is made: never more within any window than the quota allows, never more at a time than
 * may be in flight, interactive calls before live events before replay, none to an operation that ACS throttles, and
 * during an outage one that tries. All decisions are made one after the other in a {@link SerialLoop}; calls themselves
 * run on the scheduler.
 */
final class QuotaGovernor implements QuotaShares {

    /** How long an interactive call waits for its turn. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration WINDOW = Duration.ofSeconds(30);
    /** Clocks of two machines measure thirty seconds differently. */
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(200);

    private static final double BEGUN_PER_IN_FLIGHT = 1.5;

    private final Map<Operation, OperationLane> lanes = new EnumMap<>(Operation.class);
    private final CallQueue ready = new CallQueue();
    private final SerialLoop loop = new SerialLoop(this::dispatch);
    private final AtomicLong places = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final int maxInFlight;
    private final int maxBegun;
    private final Scheduler scheduler;
    private final LongSupplier nanos;
    private final long origin;
    private final Outage outage;
    private final GovernorMeters meters;
    private int inFlight;
    private int begun;
    private @Nullable GovernedCall<?> probe;
    private @Nullable Disposable alarm;
    private long alarmAt = Long.MAX_VALUE;

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
        for (Operation operation : Operation.values()) {
            Integer limit = perWindow.get(operation);
            if (limit == null) {
                throw new IllegalArgumentException("no quota for " + operation.settingName());
            }
            var lane = new OperationLane(operation, limit, window, new ThrottleGate(random));
            lanes.put(operation, lane);
        }
        this.maxInFlight = maxInFlight;
        this.maxBegun = (int) Math.ceil(maxInFlight * BEGUN_PER_IN_FLIGHT);
        this.scheduler = scheduler;
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
        this.outage = new Outage(clock, random);
        this.meters = meters;
        meters.watch(outage);
    }

    /**
     * Makes the call when its turn has come. While it waits, cancelling leaves no trace.
     *
     * @param beforeCall subscribed once per turn, its error is the result's
     * @param remote subscribed once per turn; errors are {@link Failure}s
     * @return the answer, or an {@link AcsFault}; to calls that are not interactive never one of kind THROTTLED or
     *     MISCONFIGURED, as they wait instead
     */
    <T> Mono<T> call(Operation operation, Priority priority, Mono<Void> beforeCall, Mono<T> remote) {
        return Mono.create(sink -> {
            long place = places.incrementAndGet();
            var call = new GovernedCall<>(operation, priority, beforeCall, remote, sink, place, now());
            sink.onCancel(() -> loop.execute(() -> cancelled(call)));
            loop.execute(() -> arrived(call));
        });
    }

    /** Events use create, revoke and delete; callers use issue and exchange. */
    @Override
    public void share(double eventShare, double interactiveShare) {
        loop.execute(() -> lanes.values().forEach(lane -> {
            double share = lane.operation().interactive() ? interactiveShare : eventShare;
            lane.share(Math.clamp(share, 0.0, 1.0));
        }));
    }

    /** How many calls succeeded since the start. */
    long answered() {
        return answered.get();
    }

    Optional<Outage.Report> outage() {
        return outage.report();
    }

    private long now() {
        return nanos.getAsLong() - origin;
    }

    private OperationLane lane(GovernedCall<?> call) {
        OperationLane lane = lanes.get(call.operation());
        if (lane == null) {
            throw new IllegalStateException();
        }
        return lane;
    }

    private void arrived(GovernedCall<?> call) {
        if (call.stage() != Stage.WAITING) {
            return;
        }
        lane(call).waiting().addLast(call);
        watch(call);
    }

    private void watch(GovernedCall<?> call) {
        if (call.interactive()) {
            long rest = Math.max(0, call.arrivedAt() + PATIENCE.toNanos() - now());
            call.impatient(after(rest, () -> outOfPatience(call)));
        }
    }

    private void outOfPatience(GovernedCall<?> call) {
        if (call.stage() == Stage.DONE || call.stage() == Stage.CALLING) {
            return;
        }
        release(call);
        OperationLane lane = lane(call);
        long next = lane.turnAt(call.priority(), now());
        long wait = next == Long.MAX_VALUE ? 0 : Math.max(0, next - now());
        String message = call.operation().settingName() + ": no turn within " + PATIENCE.toSeconds() + " s";
        Duration retryAfter = Duration.ofNanos(wait).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        call.fail(scheduler, new AcsFault(AcsFault.Kind.THROTTLED, "NoTurn", message, retryAfter, null));
    }

    private void cancelled(GovernedCall<?> call) {
        if (call.stage() == Stage.DONE) {
            return;
        }
        release(call);
        call.end();
    }

    /** Gives back whatever the call holds at its stage, which is wrong afterwards. */
    private void release(GovernedCall<?> call) {
        switch (call.stage()) {
            case WAITING -> lane(call).waiting().remove(call);
            case BEGINNING, READY -> {
                ready.remove(call);
                lane(call).giveBack(call);
                begun -= call.interactive() ? 0 : 1;
            }
            case CALLING -> {
                if (ended(call, "cancelled", true)) {
                    outage.probeMissed(now());
                }
            }
            case DONE -> {}
        }
        if (probe == call) {
            probe = null;
            outage.probeMissed(now());
        }
    }

    private void begin(GovernedCall<?> call, long now) {
        lane(call).takeTurn(call, now);
        begun += call.interactive() ? 0 : 1;
        call.begin(
                scheduler,
                () -> loop.execute(() -> hasBegun(call)),
                error -> loop.execute(() -> beginFailed(call, error)));
    }

    private void hasBegun(GovernedCall<?> call) {
        if (call.stage() != Stage.BEGINNING) {
            return;
        }
        call.ready();
        ready.addLast(call);
        if (lane(call).gate().isClosed(now())) {
            putBack(call);
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
        waitAgain(call, false);
    }

    private void waitAgain(GovernedCall<?> call, boolean last) {
        call.waits();
        if (last) {
            call.goBehind(places.incrementAndGet());
            lane(call).waiting().addLast(call);
        } else {
            lane(call).waiting().addFirst(call);
        }
        watch(call);
    }

    private void start(GovernedCall<?> call, long now) {
        ready.remove(call);
        inFlight++;
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
        answered.incrementAndGet();
        boolean tried = ended(call, "success", true);
        lane(call).gate().succeeded(now());
        outage.accepted(tried);
        call.succeeded();
    }

    private void failed(GovernedCall<?> call, Failure failure) {
        if (call.stage() != Stage.CALLING) {
            return;
        }
        long now = now();
        boolean tried = ended(call, failure.outcome(), failure.reach() != Failure.Reach.NOT_SENT);
        boolean again = false;
        switch (failure.kind()) {
            case THROTTLED -> {
                again = true;
                lane(call).gate().refused(now, failure.retryAfter());
                outage.answered(now, tried);
                for (GovernedCall<?> other : readyOf(call.operation()).reversed()) {
                    putBack(other);
                }
            }
            case MISCONFIGURED -> {
                again = !call.interactive();
                outage.misconfigured(now, failure, tried);
            }
            case RETRIABLE -> {
                switch (failure.reach()) {
                    case ANSWERED -> outage.answered(now, tried);
                    case SENT -> outage.unanswered(now, failure, tried);
                    case NOT_SENT -> {
                        again = !call.interactive();
                        outage.unanswered(now, failure, tried);
                    }
                }
            }
            case REFUSED, GONE -> outage.accepted(tried);
        }
        if (again) {
            waitAgain(call, tried);
        } else {
            call.fail(scheduler, failure.asFault());
        }
    }

    /** @return whether the call was the one that tried during an outage */
    private boolean ended(GovernedCall<?> call, String outcome, boolean sent) {
        long now = now();
        boolean tried = probe == call;
        if (tried) {
            probe = null;
        }
        meters.ended(call, now, outcome);
        inFlight--;
        begun -= call.interactive() ? 0 : 1;
        if (sent) {
            lane(call).ended(call, now);
        } else {
            lane(call).giveBack(call);
        }
        return tried;
    }

    private List<GovernedCall<?>> readyOf(Operation operation) {
        List<GovernedCall<?>> found = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            ready.all(priority).stream()
                    .filter(call -> call.operation() == operation && call != probe)
                    .forEach(found::add);
        }
        return found;
    }

    private void dispatch() {
        long now = now();
        if (outage.isOn()) {
            tryOne(now);
            turnAwayInteractive(now);
        } else {
            for (GovernedCall<?> call = ready.first(); call != null && inFlight < maxInFlight; call = ready.first()) {
                start(call, now);
            }
            for (GovernedCall<?> call = nextDue(now); call != null; call = nextDue(now)) {
                begin(call, now);
            }
        }
        setAlarm(now);
        meters.set(inFlight, lanes.values(), ready, now);
    }

    private void tryOne(long now) {
        if (probe == null && now >= outage.probeAt()) {
            GovernedCall<?> call = ready.first();
            if (call == null) {
                call = nextDue(now);
                if (call != null) {
                    begin(call, now);
                }
            }
            probe = call;
        }
        if (probe != null && probe.stage() == Stage.READY && inFlight < maxInFlight) {
            start(probe, now);
        }
    }

    private void turnAwayInteractive(long now) {
        List<GovernedCall<?>> all = new ArrayList<>(ready.all(Priority.INTERACTIVE));
        lanes.values().forEach(lane -> all.addAll(lane.waiting().all(Priority.INTERACTIVE)));
        for (GovernedCall<?> call : all) {
            if (call != probe) {
                release(call);
                call.fail(scheduler, outage.fault(now));
            }
        }
    }

    private @Nullable GovernedCall<?> nextDue(long now) {
        for (Priority priority : Priority.values()) {
            if (priority != Priority.INTERACTIVE && begun >= maxBegun) {
                return null;
            }
            GovernedCall<?> next = null;
            for (OperationLane lane : lanes.values()) {
                GovernedCall<?> due = lane.due(priority, now);
                if (due != null && (next == null || due.place() < next.place())) {
                    next = due;
                }
            }
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    private void setAlarm(long now) {
        long earliest = outage.isOn() ? outage.probeAt() : now;
        long next = outage.isOn() && !ready.isEmpty() && earliest > now ? earliest : Long.MAX_VALUE;
        for (OperationLane lane : lanes.values()) {
            next = Math.min(next, lane.nextTurnAfter(now, earliest));
        }
        if (next == alarmAt) {
            return;
        }
        if (alarm != null) {
            alarm.dispose();
        }
        alarmAt = next;
        alarm = next == Long.MAX_VALUE ? null : after(next - now, () -> alarmAt = Long.MAX_VALUE);
    }

    private @Nullable Disposable after(long wait, Runnable command) {
        try {
            return scheduler.schedule(() -> loop.execute(command), wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            return null;
        }
    }
}
