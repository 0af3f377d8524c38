package io.tokenbroker.acs;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what any thread hands in one after the other, on whichever of those threads came first, so that what it guards
 * needs no lock and nobody waits.
 */
final class SerialLoop {

    private static final Logger log = LoggerFactory.getLogger(SerialLoop.class);

    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final Runnable afterwards;

    /** @param afterwards runs each time the commands are done */
    SerialLoop(Runnable afterwards) {
        this.afterwards = afterwards;
    }

    void execute(Runnable command) {
        commands.add(command);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Runnable next = commands.poll(); next != null; next = commands.poll()) {
                run(next);
            }
            run(afterwards);
            missed = pending.addAndGet(-missed);
        } while (missed != 0);
    }

    private static void run(Runnable command) {
        try {
            command.run();
        } catch (RuntimeException bug) {
            log.atError().setCause(bug).log("the governor of ACS calls failed at a step");
        }
    }
}
