package io.tokenbroker.pipeline;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The thread a partition's state is confined to. A task that fails unexpectedly is told, as to go on after it could pass
 * a record that nobody decided. What comes after the end is dropped, so that nobody has to know whether it is over.
 */
final class PartitionWorker implements Scheduler.Worker {

    private final Scheduler.Worker worker;
    private final Consumer<Throwable> unexpected;

    PartitionWorker(Scheduler scheduler, Consumer<Throwable> unexpected) {
        this.worker = scheduler.createWorker();
        this.unexpected = unexpected;
    }

    /** Whether the task was taken; it may still be dropped when the end comes first. */
    boolean offer(Runnable task) {
        try {
            worker.schedule(guarded(task));
            return true;
        } catch (RejectedExecutionException over) {
            return false;
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        try {
            return delay <= 0 ? worker.schedule(guarded(task)) : worker.schedule(guarded(task), delay, unit);
        } catch (RejectedExecutionException over) {
            return Disposables.disposed();
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                unexpected.accept(e);
            }
        };
    }

    @Override
    public void dispose() {
        worker.dispose();
    }

    @Override
    public boolean isDisposed() {
        return worker.isDisposed();
    }
}
