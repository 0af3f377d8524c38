package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;

/**
 * What the calls of one operation wait for, to whichever resource: a slot of its quota, and its gate. So that a live event
 * that comes amid a replay finds a slot soon and not a whole window later, replay never takes the last fiftieth of the
 * quota, takes half of it as fast as it comes, and the rest at an even pace only. So that nobody who waits for an answer
 * is behind a whole window's calls made at once, work in the background has few of them under way at a time.
 */
final class OperationLane {

    /** Even paces from call to call: what replay may not take at once, half of the quota, over a whole window. */
    private static final int REPLAY_PACE = 2;

    /** What part of the quota replay leaves: enough for the live calls that come while a slot of the pace gets free. */
    private static final int REPLAY_LEAVES = 50;

    /** What part of the quota may be under way at a time: at 50 ms a call, the whole of it takes a second. */
    private static final int AT_A_TIME = 20;

    private final Operation operation;
    private final QuotaWindow window;
    private final QuotaWindow replayAtOnce;
    private final ThrottleGate gate;
    private long nextReplayAt;

    /** @param windowNanos how long a slot is taken after its call ended */
    OperationLane(Operation operation, int limit, long windowNanos, ThrottleGate gate) {
        this.operation = operation;
        this.window = new QuotaWindow(limit, windowNanos);
        this.replayAtOnce = new QuotaWindow(Math.max(1, limit / 2), windowNanos);
        this.gate = gate;
    }

    Operation operation() {
        return operation;
    }

    ThrottleGate gate() {
        return gate;
    }

    void share(double share) {
        window.share(share);
        replayAtOnce.share(share);
    }

    /** How many calls a window has room for, at present. */
    int limit() {
        return window.limit();
    }

    int used(long now) {
        return window.used(now);
    }

    /** Whether it is the turn of a call of this priority. */
    boolean mayPass(Priority priority, long now) {
        return hasPlace(priority)
                && window.hasRoom(now, spare(priority))
                && gate.mayPass(now, window.evenPace())
                && (priority != Priority.REPLAY || replayMayPass(now));
    }

    /** The call holds a slot from now on. */
    void takeTurn(GovernedCall<?> call, long now) {
        window.take();
        gate.passed(now);
        if (call.priority() == Priority.REPLAY) {
            if (replayAtOnce.hasRoom(now)) {
                replayAtOnce.take();
                call.takenAtOnce(true);
            } else {
                nextReplayAt = now + REPLAY_PACE * window.evenPace();
            }
        }
    }

    /** The call was not made. */
    void giveBack(GovernedCall<?> call) {
        window.giveBack();
        if (call.takenAtOnce()) {
            replayAtOnce.giveBack();
            call.takenAtOnce(false);
        }
    }

    void ended(GovernedCall<?> call, long now) {
        window.ended(now);
        if (call.takenAtOnce()) {
            replayAtOnce.ended(now);
            call.takenAtOnce(false);
        }
    }

    /**
     * When to look again for those who wait, as far as time decides.
     *
     * @param earliest nobody of them has a turn before
     */
    long nextTurnAfter(CallQueue waiting, long now, long earliest) {
        long next = Long.MAX_VALUE;
        for (Priority priority : Priority.values()) {
            if (waiting.size(priority) > 0) {
                long turn = Math.max(earliest, turnAt(priority, now));
                next = turn > now ? Math.min(next, turn) : next;
            }
        }
        return next;
    }

    /** When a call of this priority may have its turn; {@link Long#MAX_VALUE} where another has to end first. */
    long turnAt(Priority priority, long now) {
        if (!hasPlace(priority)) {
            return Long.MAX_VALUE;
        }
        long room = Math.max(window.roomAt(now, spare(priority)), gate.passAt(now, window.evenPace()));
        if (priority != Priority.REPLAY || replayMayPass(now)) {
            return room;
        }
        return Math.max(room, Math.min(replayAtOnce.roomAt(now, 0), nextReplayAt));
    }

    private boolean replayMayPass(long now) {
        return replayAtOnce.hasRoom(now) || now >= nextReplayAt;
    }

    private boolean hasPlace(Priority priority) {
        return priority == Priority.INTERACTIVE
                || window.held() < Math.max(InFlightLimit.FEWEST, window.limit() / AT_A_TIME);
    }

    private int spare(Priority priority) {
        int limit = window.limit();
        return priority == Priority.REPLAY && limit > 1 ? Math.max(1, limit / REPLAY_LEAVES) : 0;
    }
}
