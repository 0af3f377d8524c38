package io.tokenbroker.busdouble;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong from now on. Safe for use by many threads. */
final class Faults {

    private volatile Duration delay = Duration.ZERO;
    private final AtomicInteger busy = new AtomicInteger();

    Duration delay() {
        return delay;
    }

    void delay(Duration each) {
        delay = each;
    }

    void busy(int sends) {
        busy.set(sends);
    }

    /** Whether this one send is refused. */
    boolean isBusy() {
        return busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
