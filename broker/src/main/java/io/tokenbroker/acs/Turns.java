package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, and who holds what: slots of the quotas, which all resources share, places among the calls begun and among
 * those in flight. Whatever a call holds is given back once, by {@link #release} at whichever stage it is. Not
 * thread-safe, but for {@link #destination} and {@link #destinations}.
 */
final class Turns {

    private final Map<Operation, OperationLane> lanes = new EnumMap<>(Operation.class);
    private final Map<ResourceName, Destination> destinations = new ConcurrentHashMap<>();
    private final int maxInFlight;
    private final Clock clock;
    private final DoubleSupplier random;
    private int inFlight;

    Turns(Map<Operation, Integer> limits, long windowNanos, int maxInFlight, Clock clock, DoubleSupplier random) {
        for (Operation operation : Operation.values()) {
            Integer limit = limits.get(operation);
            if (limit == null) {
                throw new IllegalArgumentException("no quota for " + operation.settingName());
            }
            lanes.put(operation, new OperationLane(operation, limit, windowNanos, new ThrottleGate(random)));
        }
        this.maxInFlight = maxInFlight;
        this.clock = clock;
        this.random = random;
    }

    Collection<OperationLane> lanes() {
        return lanes.values();
    }

    OperationLane lane(GovernedCall<?> call) {
        OperationLane lane = lanes.get(call.operation());
        if (lane == null) {
            throw new IllegalStateException();
        }
        return lane;
    }

    Destination destination(ResourceName resource) {
        return destinations.computeIfAbsent(
                resource, name -> new Destination(name, maxInFlight, new Outage(name, clock, random)));
    }

    /** The resources that have been called, or were to be. */
    Collection<Destination> destinations() {
        return destinations.values();
    }

    /** How many calls to the current resource may be in flight. */
    int limit() {
        return destinations.values().stream()
                .filter(destination -> destination.resource().current())
                .mapToInt(Destination::limit)
                .findFirst()
                .orElse(maxInFlight);
    }

    int inFlight() {
        return inFlight;
    }

    /** How many calls of this priority have not been made. */
    int waiting(Priority priority) {
        return destinations.values().stream()
                .mapToInt(destination -> destination.waiting(priority))
                .sum();
    }

    void waitFirst(GovernedCall<?> call) {
        call.waits();
        waiting(call).addFirst(call);
    }

    void waitLast(GovernedCall<?> call) {
        call.waits();
        waiting(call).addLast(call);
    }

    /** From waiting to beginning. */
    void take(GovernedCall<?> call, long now) {
        waiting(call).remove(call);
        lane(call).takeTurn(call, now);
        call.destination().taken(call);
    }

    /** From beginning to ready. */
    void ready(GovernedCall<?> call) {
        call.ready();
        call.destination().ready().addLast(call);
    }

    /** From ready to calling. */
    void start(GovernedCall<?> call) {
        call.destination().started(call);
        inFlight++;
    }

    /**
     * Gives back whatever the call holds at its stage, which is the caller's to change.
     *
     * @param sent whether ACS may have counted the call, where it is under way
     */
    void release(GovernedCall<?> call, long now, boolean sent) {
        OperationLane lane = lane(call);
        switch (call.stage()) {
            case WAITING -> waiting(call).remove(call);
            case BEGINNING, READY -> {
                call.destination().givenBack(call);
                lane.giveBack(call);
            }
            case CALLING -> {
                inFlight--;
                call.destination().ended(call);
                if (sent) {
                    lane.ended(call, now);
                } else {
                    lane.giveBack(call);
                }
            }
            case DONE -> {}
        }
    }

    boolean hasPlaceInFlight(Destination destination) {
        return inFlight < maxInFlight && destination.hasPlaceInFlight();
    }

    /** Who is called next of those whose resource can be used, if there is a place for another call in flight. */
    @Nullable GovernedCall<?> nextReady() {
        GovernedCall<?> next = null;
        for (Destination destination : destinations.values()) {
            if (!destination.isAway() && hasPlaceInFlight(destination)) {
                next = moreUrgent(next, destination.ready().first());
            }
        }
        return next;
    }

    /** Who begins next of those whose resource can be used: the most urgent, and of those the one that came first. */
    @Nullable GovernedCall<?> nextDue(long now) {
        GovernedCall<?> next = null;
        for (Destination destination : destinations.values()) {
            if (!destination.isAway()) {
                next = moreUrgent(next, nextDue(destination, now));
            }
        }
        return next;
    }

    /** Who of this resource's calls begins next. */
    @Nullable GovernedCall<?> nextDue(Destination destination, long now) {
        for (Priority priority : Priority.values()) {
            if (!destination.mayBegin(priority)) {
                return null;
            }
            GovernedCall<?> next = null;
            for (OperationLane lane : lanes.values()) {
                GovernedCall<?> first = destination.waiting(lane.operation()).first(priority);
                if (first != null && lane.mayPass(priority, now)) {
                    next = moreUrgent(next, first);
                }
            }
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /** The calls of this operation that are ready, in their order. */
    List<GovernedCall<?>> readyOf(Operation operation) {
        List<GovernedCall<?>> found = new ArrayList<>();
        for (Destination destination : destinations.values()) {
            destination.ready().all().stream()
                    .filter(call -> call.operation() == operation)
                    .forEach(found::add);
        }
        return found;
    }

    /** When to look again for those who wait, as far as time decides. */
    long nextTurnAfter(long now) {
        long next = Long.MAX_VALUE;
        for (Destination destination : destinations.values()) {
            long earliest = destination.usableAt(now);
            for (OperationLane lane : lanes.values()) {
                CallQueue waiting = destination.waiting(lane.operation());
                next = Math.min(next, lane.nextTurnAfter(waiting, now, earliest));
            }
        }
        return next;
    }

    private static CallQueue waiting(GovernedCall<?> call) {
        return call.destination().waiting(call.operation());
    }

    private static @Nullable GovernedCall<?> moreUrgent(
            @Nullable GovernedCall<?> one, @Nullable GovernedCall<?> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.goesBefore(one) ? other : one;
    }
}
