package io.tokenbroker.acs;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Waits a fraction of what it is told to, for a world where time goes by faster. */
final class HastyScheduler implements Scheduler {

    private final Scheduler real = Schedulers.parallel();
    private final int times;

    HastyScheduler(int times) {
        this.times = times;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return real.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return real.schedule(task, unit.toNanos(delay) / times, TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return real.createWorker();
    }
}
