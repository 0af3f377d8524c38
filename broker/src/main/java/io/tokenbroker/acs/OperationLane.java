package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;
import org.jspecify.annotations.Nullable;

/** The calls that wait for one operation, and what they wait for: a slot of its quota, and its gate. */
final class OperationLane {

    private final Operation operation;
    private final QuotaWindow window;
    private final ThrottleGate gate;
    private final CallQueue waiting = new CallQueue();

    OperationLane(Operation operation, QuotaWindow window, ThrottleGate gate) {
        this.operation = operation;
        this.window = window;
        this.gate = gate;
    }

    Operation operation() {
        return operation;
    }

    QuotaWindow window() {
        return window;
    }

    ThrottleGate gate() {
        return gate;
    }

    CallQueue waiting() {
        return waiting;
    }

    /** The call of this priority whose turn it is, if it is anybody's. */
    @Nullable GovernedCall<?> due(Priority priority, long now) {
        GovernedCall<?> call = waiting.first(priority);
        return call != null && window.hasRoom(now) && gate.mayPass(now, window.evenPace()) ? call : null;
    }

    /** The call leaves the queue and holds a slot from now on. */
    void takeTurn(GovernedCall<?> call, long now) {
        waiting.remove(call);
        window.take();
        gate.passed(now);
    }

    /** When to look again, as far as time decides. */
    long nextTurnAt(long now) {
        return Math.max(window.roomAt(now), gate.passAt(now, window.evenPace()));
    }
}
