package io.tokenbroker.acs;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Has the loop look again later: for one call, or for whoever has the next turn. Used within the loop only. */
final class Alarms {

    private final Scheduler scheduler;
    private final SerialLoop loop;
    private @Nullable Disposable nextTurn;
    private long nextTurnAt = Long.MAX_VALUE;

    Alarms(Scheduler scheduler, SerialLoop loop) {
        this.scheduler = scheduler;
        this.loop = loop;
    }

    /** Replaces the time of the next turn; {@link Long#MAX_VALUE} where time does not decide. */
    void nextTurn(long now, long next) {
        if (next == nextTurnAt) {
            return;
        }
        if (nextTurn != null) {
            nextTurn.dispose();
        }
        nextTurnAt = next;
        nextTurn = next == Long.MAX_VALUE ? null : after(next - now, () -> nextTurnAt = Long.MAX_VALUE);
    }

    @Nullable Disposable after(long nanos, Runnable command) {
        try {
            return scheduler.schedule(() -> loop.execute(command), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException shutDown) {
            return null;
        }
    }
}
