package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One resource as the governor sees it: the calls that wait for it, how many of them it bears at a time, and whether it
 * can be used at all. Nothing of it depends on another resource, so that one that is away holds up nobody else's calls.
 * Not thread-safe, but for {@link #answered()} and {@link #outage()}.
 */
final class Destination {

    /** So many calls more may be begun than be in flight, so that a place in flight is never free while one begins. */
    private static final int BEGUN_PER_IN_FLIGHT = 3;

    private final ResourceName resource;
    private final Map<Operation, CallQueue> waiting = new EnumMap<>(Operation.class);
    private final CallQueue ready = new CallQueue();
    private final InFlightLimit limit;
    private final Outage outage;
    private final AtomicLong answered = new AtomicLong();
    private @Nullable GovernedCall<?> probe;
    private int inFlight;
    private int begun;

    Destination(ResourceName resource, int maxInFlight, Outage outage) {
        this.resource = resource;
        this.limit = new InFlightLimit(maxInFlight);
        this.outage = outage;
        for (Operation operation : Operation.values()) {
            waiting.put(operation, new CallQueue());
        }
    }

    ResourceName resource() {
        return resource;
    }

    /** How many calls it has answered with success. */
    long answered() {
        return answered.get();
    }

    Optional<Outage.Report> outage() {
        return outage.report();
    }

    CallQueue waiting(Operation operation) {
        CallQueue queue = waiting.get(operation);
        if (queue == null) {
            throw new IllegalStateException();
        }
        return queue;
    }

    CallQueue ready() {
        return ready;
    }

    /** How many calls may be in flight. */
    int limit() {
        return limit.get();
    }

    boolean hasPlaceInFlight() {
        return limit.hasPlace(inFlight);
    }

    boolean mayBegin(Priority priority) {
        return priority == Priority.INTERACTIVE || begun - limit.hanging() < limit.get() * BEGUN_PER_IN_FLIGHT;
    }

    void taken(GovernedCall<?> call) {
        begun += call.interactive() ? 0 : 1;
    }

    void started(GovernedCall<?> call) {
        ready.remove(call);
        inFlight++;
    }

    /** The call was taken and is not made. */
    void givenBack(GovernedCall<?> call) {
        ready.remove(call);
        begun -= call.interactive() ? 0 : 1;
    }

    /** The call was in flight. */
    void ended(GovernedCall<?> call) {
        inFlight--;
        begun -= call.interactive() ? 0 : 1;
        limit.ended(call.calledAt());
    }

    int waiting(Priority priority) {
        int sum = ready.size(priority);
        for (CallQueue queue : waiting.values()) {
            sum += queue.size(priority);
        }
        return sum;
    }

    /** The interactive calls that have not been made. */
    List<GovernedCall<?>> interactive() {
        List<GovernedCall<?>> all = new ArrayList<>(ready.all(Priority.INTERACTIVE));
        waiting.values().forEach(queue -> all.addAll(queue.all(Priority.INTERACTIVE)));
        return all;
    }

    /** Whether it cannot be used: then one call at a time tries, and no other is made. */
    boolean isAway() {
        return outage.isOn();
    }

    /** Nobody is called before. */
    long usableAt(long now) {
        return isAway() ? outage.probeAt() : now;
    }

    boolean wantsTrying(long now) {
        return isAway() && probe == null && now >= outage.probeAt();
    }

    void triedBy(@Nullable GovernedCall<?> call) {
        probe = call;
    }

    /** The call that tries, from its turn to its end. */
    @Nullable GovernedCall<?> probe() {
        return probe;
    }

    /** @return whether the call was the one that tried; it is not any more */
    boolean tried(GovernedCall<?> call) {
        boolean tried = probe == call;
        if (tried) {
            probe = null;
        }
        return tried;
    }

    /** The call that was to try never reached the resource. */
    void missed(long now) {
        outage.probeMissed(now);
    }

    AcsFault fault(long now) {
        return outage.fault(now);
    }

    void succeeded(boolean tried) {
        answered.incrementAndGet();
        limit.answered();
        outage.accepted(tried);
    }

    /** @return whether it cannot be used from now on */
    boolean failed(GovernedCall<?> call, Failure failure, long now, boolean tried) {
        boolean wasAway = isAway();
        switch (failure.reach()) {
            case ANSWERED -> limit.answered();
            case SENT -> limit.unanswered(call.calledAt(), now);
            case NOT_SENT -> {}
        }
        switch (failure.kind()) {
            case THROTTLED -> outage.answered(now, tried);
            case MISCONFIGURED -> outage.misconfigured(now, failure, tried);
            case RETRIABLE -> {
                if (failure.reach() == Failure.Reach.ANSWERED) {
                    outage.answered(now, tried);
                } else {
                    outage.unanswered(now, failure, tried);
                }
            }
            case REFUSED, GONE -> outage.accepted(tried);
        }
        boolean begins = isAway() && !wasAway;
        if (begins) {
            limit.begunAnew(now, inFlight);
        }
        return begins;
    }
}
