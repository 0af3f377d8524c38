package io.tokenbroker.pipeline;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One input partition from its assignment to its loss. All of its state is confined to one worker, so nothing here is
 * locked; whatever comes from elsewhere is handed to that worker first.
 */
final class PartitionSession {

    private enum Phase {
        /** Owned, but the directory is not known up to the moment the former owner was fenced. */
        RESTORING,
        LIVE,
        /** To be given back: nothing new is begun. */
        DRAINING,
        CLOSED
    }

    private final PipelineContext context;
    private final PartitionJournal journal;
    private final Consumer<Throwable> onFailure;
    private final PartitionWorker worker;
    private final GroupCommit commits;
    private final StepRunner steps;
    private final Lanes lanes;
    private final Queue<Arrival> inbox = new ConcurrentLinkedQueue<>();
    private final Deque<Arrival> early = new ArrayDeque<>();
    private final Disposable.Swap restoring = Disposables.swap();
    private final Sinks.Empty<Void> drained = Sinks.empty();
    private Phase phase = Phase.RESTORING;

    PartitionSession(PipelineContext context, PartitionJournal journal, long start, Consumer<Throwable> onFailure) {
        this.context = context;
        Rules rules = context.rules();
        this.journal = journal;
        this.onFailure = onFailure;
        this.worker = new PartitionWorker(context.scheduler(), this::fail);
        Watermark watermark = new Watermark(start);
        this.commits = new GroupCommit(
                journal,
                watermark,
                lane -> lane.call == null && rules.nextStep(lane.entry).isEmpty(),
                new Commits(),
                worker,
                context.scheduler(),
                context.settings().commitInterval().toNanos());
        this.steps = new StepRunner(context, worker, commits, this::closeIfDrained);
        this.lanes = new Lanes(context, watermark, commits, steps);
    }

    /** Begins to apply records once the directory is known to be complete for this partition. */
    void openAfter(Mono<Void> restored) {
        restoring.update(restored.subscribe(
                nothing -> {},
                error -> worker.schedule(() -> fail(error)),
                () -> worker.schedule(() -> {
                    if (phase == Phase.RESTORING) {
                        phase = Phase.LIVE;
                        commits.wake();
                        while (!early.isEmpty()) {
                            take(early.remove());
                        }
                    }
                })));
    }

    void accept(Arrival arrival) {
        context.admission().arrived(Admission.costOf(arrival.record()));
        inbox.add(arrival);
        if (!worker.offer(this::takeNext)) {
            turnAway();
        }
    }

    private void takeNext() {
        Arrival arrival = inbox.poll();
        if (arrival == null) {
            return;
        }
        switch (phase) {
            case RESTORING -> early.add(arrival);
            case LIVE -> take(arrival);
            case DRAINING, CLOSED -> release(arrival);
        }
    }

    private void take(Arrival arrival) {
        try {
            lanes.take(arrival);
        } catch (RuntimeException e) {
            release(arrival);
            throw e;
        }
    }

    /** What came too late takes no room. Whoever ends the worker, or finds it ended, calls this. */
    private void turnAway() {
        for (Arrival late = inbox.poll(); late != null; late = inbox.poll()) {
            release(late);
        }
    }

    private void release(Arrival arrival) {
        context.admission().release(Admission.costOf(arrival.record()));
    }

    /** Completes when nothing is under way any more, or when the time for that is over. */
    Mono<Void> drain() {
        worker.schedule(() -> {
            if (phase == Phase.RESTORING) {
                close();
            } else if (phase == Phase.LIVE) {
                phase = Phase.DRAINING;
                steps.close(lanes.all());
                Duration limit = context.settings().drainTimeout();
                worker.schedule(this::close, limit.toNanos(), TimeUnit.NANOSECONDS);
                closeIfDrained();
            }
        });
        return drained.asMono();
    }

    /** Drops everything at once. Never blocks. */
    void lose() {
        worker.schedule(this::close);
    }

    /** Ends the entries of users deleted before {@code limit}. */
    void forgetDeletedBefore(Instant limit) {
        List<UserId> due =
                context.directory().deletedBefore(limit).filter(journal::owns).toList();
        // looked at again on the partition's thread: the user may have come back meanwhile
        worker.schedule(() -> due.stream()
                .filter(userId -> phase == Phase.LIVE && !lanes.has(userId))
                .filter(userId -> context.directory()
                        .find(userId)
                        .filter(entry -> entry.deletedBefore(limit))
                        .isPresent())
                .forEach(commits::forget));
    }

    private void closeIfDrained() {
        if (phase == Phase.DRAINING && !steps.isBusy() && commits.isQuiet()) {
            close();
        } else if (phase == Phase.CLOSED && !steps.isBusy()) {
            worker.dispose();
            turnAway();
        }
    }

    private void fail(Throwable error) {
        if (phase != Phase.CLOSED) {
            close();
            onFailure.accept(error);
        }
    }

    private void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        steps.abandon(lanes.all());
        context.admission().release(commits.stop());
        restoring.dispose();
        early.forEach(this::release);
        early.clear();
        lanes.releaseAll();
        journal.close().subscribe(nothing -> {}, error -> drained.tryEmitEmpty(), drained::tryEmitEmpty);
        closeIfDrained();
    }

    private final class Commits implements GroupCommit.Listener {
        @Override
        public void committed(Lane lane) {
            lanes.committed(lane);
        }

        @Override
        public void committed(Transaction transaction, int passedCost, long nanos) {
            context.metrics().committed(transaction, nanos);
            context.admission().release(passedCost);
            worker.schedule(PartitionSession.this::closeIfDrained);
        }

        @Override
        public void failed(Throwable error) {
            fail(error);
        }
    }
}
