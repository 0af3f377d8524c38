package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, and who holds what: slots of the quotas, places among the calls begun and among those in flight. Whatever
 * a call holds is given back once, by {@link #release} at whichever stage it is. Not thread-safe.
 */
final class Turns {

    /** So many calls more may be begun than be in flight, so that a place in flight is never free while one begins. */
    private static final int BEGUN_PER_IN_FLIGHT = 3;

    private final Map<Operation, OperationLane> lanes = new EnumMap<>(Operation.class);
    private final CallQueue ready = new CallQueue();
    private final InFlightLimit limit;
    private int inFlight;
    private int begun;

    Turns(Map<Operation, Integer> limits, long windowNanos, int maxInFlight, DoubleSupplier random) {
        for (Operation operation : Operation.values()) {
            Integer limit = limits.get(operation);
            if (limit == null) {
                throw new IllegalArgumentException("no quota for " + operation.settingName());
            }
            lanes.put(operation, new OperationLane(operation, limit, windowNanos, new ThrottleGate(random)));
        }
        this.limit = new InFlightLimit(maxInFlight);
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

    CallQueue ready() {
        return ready;
    }

    /** How many calls may be in flight. */
    InFlightLimit limit() {
        return limit;
    }

    int inFlight() {
        return inFlight;
    }

    void waitFirst(GovernedCall<?> call) {
        call.waits();
        lane(call).waiting().addFirst(call);
    }

    void waitLast(GovernedCall<?> call) {
        call.waits();
        lane(call).waiting().addLast(call);
    }

    /** From waiting to beginning. */
    void take(GovernedCall<?> call, long now) {
        lane(call).takeTurn(call, now);
        begun += call.interactive() ? 0 : 1;
    }

    /** From beginning to ready. */
    void ready(GovernedCall<?> call) {
        call.ready();
        ready.addLast(call);
    }

    /** From ready to calling. */
    void start(GovernedCall<?> call) {
        ready.remove(call);
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
            case WAITING -> lane.waiting().remove(call);
            case BEGINNING, READY -> {
                ready.remove(call);
                lane.giveBack(call);
                begun -= call.interactive() ? 0 : 1;
            }
            case CALLING -> {
                inFlight--;
                limit.ended(call.calledAt());
                begun -= call.interactive() ? 0 : 1;
                if (sent) {
                    lane.ended(call, now);
                } else {
                    lane.giveBack(call);
                }
            }
            case DONE -> {}
        }
    }

    boolean hasPlaceInFlight() {
        return limit.hasPlace(inFlight);
    }

    /** Who is called next, if there is a place for another call in flight. */
    @Nullable GovernedCall<?> nextReady() {
        return hasPlaceInFlight() ? ready.first() : null;
    }

    /** Who begins next: the most urgent, and of those the one that came first. */
    @Nullable GovernedCall<?> nextDue(long now) {
        for (Priority priority : Priority.values()) {
            if (priority != Priority.INTERACTIVE && begun - limit.hanging() >= limit.get() * BEGUN_PER_IN_FLIGHT) {
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

    /** The calls of this operation that are ready, in their order. */
    List<GovernedCall<?>> readyOf(Operation operation) {
        List<GovernedCall<?>> found = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            ready.all(priority).stream()
                    .filter(call -> call.operation() == operation)
                    .forEach(found::add);
        }
        return found;
    }

    /** The interactive calls that have not been made. */
    List<GovernedCall<?>> interactive() {
        List<GovernedCall<?>> all = new ArrayList<>(ready.all(Priority.INTERACTIVE));
        lanes.values().forEach(lane -> all.addAll(lane.waiting().all(Priority.INTERACTIVE)));
        return all;
    }

    /** When to look again for those who wait, as far as time decides; nobody has a turn before {@code earliest}. */
    long nextTurnAfter(long now, long earliest) {
        long next = Long.MAX_VALUE;
        for (OperationLane lane : lanes.values()) {
            next = Math.min(next, lane.nextTurnAfter(now, earliest));
        }
        return next;
    }
}
