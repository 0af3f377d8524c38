package io.tokenbroker.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits for what is not there yet, says so when that takes a while, and gives up in the end. */
final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SILENT = Duration.ofSeconds(3);
    private static final Duration BETWEEN_NOTES = Duration.ofSeconds(30);

    private final Duration limit;
    private final Consumer<String> notes;

    Patience(Duration limit, Consumer<String> notes) {
        this.limit = limit;
        this.notes = notes;
    }

    /**
     * Tries until there is something.
     *
     * @param awaited what is waited for, and what can be done about it
     * @throws StartFailure where there is still nothing when the limit has passed
     */
    <T> T until(String awaited, Supplier<Optional<T>> attempt) {
        long start = System.nanoTime();
        long nextNote = SILENT.toNanos();
        while (true) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
            long waited = System.nanoTime() - start;
            if (waited > limit.toNanos() || Thread.currentThread().isInterrupted()) {
                throw new StartFailure("gave up after " + limit.toSeconds() + " s waiting for " + awaited);
            }
            if (waited > nextNote) {
                notes.accept("waiting for " + awaited);
                nextNote = waited + BETWEEN_NOTES.toNanos();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
