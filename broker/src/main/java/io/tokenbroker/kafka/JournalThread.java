package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A thread on which a producer may block. Work given to it runs in order. */
final class JournalThread {

    private final ExecutorService executor;
    private final CountDownLatch stopping = new CountDownLatch(1);

    JournalThread(String name) {
        executor = Executors.newSingleThreadExecutor(runnable -> {
            Thread thread = new Thread(runnable, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    Mono<Void> run(Runnable work) {
        return Mono.create(sink -> submit(work, sink::success, sink::error));
    }

    /** No work is accepted any more; what runs is told by {@link #isStopping()}, and {@code last} comes after it. */
    Mono<Void> stop(Runnable last) {
        return Mono.create(sink -> {
            stopping.countDown();
            submit(last, sink::success, sink::error);
            executor.shutdown();
        });
    }

    boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Waits, but not longer than the thread is wanted. */
    void pause(Duration duration) {
        try {
            boolean stopped = stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
            assert !stopped || isStopping();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit(Runnable work, Runnable success, Consumer<Throwable> failure) {
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    failure.accept(e);
                    return;
                }
                success.run();
            });
        } catch (RejectedExecutionException e) {
            failure.accept(e);
        }
    }
}
