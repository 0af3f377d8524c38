package io.tokenbroker.pipeline;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The thread a partition's state is confined to. A task that fails unexpectedly is told, as to go on after it could pass
 * a record that nobody decided. What comes after the end is dropped, so that nobody has to know whether it is over.
 *
 * <p>Tasks for at once come by the thousand. They are run in turns of many, as Reactor's worker keeps a list of what it
 * was given and searches it for each that is done.
 */
final class PartitionWorker implements Scheduler.Worker {

    /** Other partitions have the thread between turns. */
    private static final int TASKS_A_TURN = 128;

    private final Scheduler.Worker worker;
    private final Consumer<Throwable> unexpected;
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    PartitionWorker(Scheduler scheduler, Consumer<Throwable> unexpected) {
        this.worker = scheduler.createWorker();
        this.unexpected = unexpected;
    }

    /** Whether the task was taken; it may still be dropped when the end comes first. */
    boolean offer(Runnable task) {
        return take(new Task(task));
    }

    @Override
    public Disposable schedule(Runnable task) {
        Task taken = new Task(task);
        return take(taken) ? taken : Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (delay <= 0) {
            return schedule(task);
        }
        try {
            return worker.schedule(new Task(task), delay, unit);
        } catch (RejectedExecutionException over) {
            return Disposables.disposed();
        }
    }

    private boolean take(Task task) {
        if (worker.isDisposed()) {
            return false;
        }
        tasks.add(task);
        return waiting.getAndIncrement() > 0 || takeTurn();
    }

    private boolean takeTurn() {
        try {
            worker.schedule(this::turn);
            return true;
        } catch (RejectedExecutionException over) {
            return false;
        }
    }

    private void turn() {
        int done = 0;
        for (Task task = tasks.poll(); task != null && !worker.isDisposed(); task = tasks.poll()) {
            task.run();
            if (++done == TASKS_A_TURN) {
                break;
            }
        }
        if (waiting.addAndGet(-done) > 0) {
            takeTurn();
        }
    }

    @Override
    public void dispose() {
        worker.dispose();
    }

    @Override
    public boolean isDisposed() {
        return worker.isDisposed();
    }

    private final class Task implements Runnable, Disposable {
        private final Runnable task;
        private volatile boolean disposed;

        Task(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (disposed) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                unexpected.accept(e);
            }
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
