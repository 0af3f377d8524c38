package io.tokenbroker.pipeline;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Gathers what lanes have to commit and writes it in one transaction at a time, not more often than the interval. Alone,
 * a change is written at once; under load, all that came meanwhile goes together. Confined to the partition's thread.
 */
final class GroupCommit {

    /** What the transactions of one partition lead to. */
    interface Listener {
        void committed(Lane lane);

        void committed(Transaction transaction, int passedCost, long nanos);

        void failed(Throwable error);
    }

    private record Batch(Transaction transaction, List<Lane> lanes, List<MonoSink<Void>> intents, int cost) {}

    /** In intervals: what a hiccup held up is not held up for long after it. */
    private static final int LONGEST_BREATHER = 4;

    private final PartitionJournal journal;
    private final Watermark watermark;
    private final Predicate<Lane> done;
    private final Listener listener;
    private final Scheduler.Worker worker;
    private final Scheduler clock;
    private final long intervalNanos;

    private final Set<Lane> enlisted = new LinkedHashSet<>();
    private final NavigableMap<Long, Arrival> passing = new TreeMap<>();
    private final Set<UserId> forgotten = new LinkedHashSet<>();
    private long committedWatermark;
    private long lastStart;

    /** The slower transactions become, the more is gathered for each: their number must not keep Kafka busy. */
    private long breather;

    private boolean scheduled;
    private boolean stopped;

    private @Nullable Batch underWay;

    GroupCommit(
            PartitionJournal journal,
            Watermark watermark,
            Predicate<Lane> done,
            Listener listener,
            Scheduler.Worker worker,
            Scheduler clock,
            long intervalNanos) {
        this.journal = journal;
        this.watermark = watermark;
        this.done = done;
        this.listener = listener;
        this.worker = worker;
        this.clock = clock;
        this.intervalNanos = intervalNanos;
        this.committedWatermark = -1;
        this.lastStart = clock.now(TimeUnit.NANOSECONDS) - intervalNanos;
        this.breather = lastStart;
    }

    /** This lane has something to commit. */
    void enlist(Lane lane) {
        enlisted.add(lane);
        wake();
    }

    /** A record without a lane of its own: its copy or dead letter goes with the transaction that passes it. */
    void pass(Arrival arrival) {
        passing.put(arrival.record().position().offset(), arrival);
        wake();
    }

    /** This user's entry ends as a tombstone. */
    void forget(UserId userId) {
        forgotten.add(userId);
        wake();
    }

    /** There may be something to commit, be it only the watermark. */
    void wake() {
        if (scheduled || underWay != null || stopped) {
            return;
        }
        scheduled = true;
        long wait = Math.max(lastStart + intervalNanos, breather) - clock.now(TimeUnit.NANOSECONDS);
        if (wait <= 0) {
            worker.schedule(this::run);
        } else {
            worker.schedule(this::run, wait, TimeUnit.NANOSECONDS);
        }
    }

    boolean isQuiet() {
        // what is to be passed by a later watermark waits for lanes, not for a transaction
        return underWay == null
                && enlisted.isEmpty()
                && forgotten.isEmpty()
                && passing.headMap(watermark.value(), false).isEmpty()
                && committedWatermark == watermark.value();
    }

    /**
     * Nothing more is written; creates whose intents are not durable are not made.
     *
     * @return the room taken by records that now go in no transaction of ours, or in one nobody will hear of
     */
    int stop() {
        stopped = true;
        enlisted.forEach(lane -> {
            Lane.Call call = lane.call;
            if (call != null && call.intentWritten != null) {
                call.intentWritten.error(new CancellationException("the partition is given up"));
                call.intentWritten = null;
            }
        });
        enlisted.clear();
        int cost = costOf(passing.values());
        passing.clear();
        Batch batch = underWay;
        if (batch == null) {
            return cost;
        }
        batch.intents().forEach(sink -> sink.error(new CancellationException("the partition is given up")));
        return cost + batch.cost();
    }

    private static int costOf(Collection<Arrival> arrivals) {
        return arrivals.stream()
                .mapToInt(arrival -> Admission.costOf(arrival.record()))
                .sum();
    }

    private void run() {
        scheduled = false;
        if (underWay != null || stopped) {
            return;
        }
        Batch batch = gather();
        if (batch.transaction().size() == 0 && batch.transaction().watermark() == committedWatermark) {
            return;
        }
        underWay = batch;
        lastStart = clock.now(TimeUnit.NANOSECONDS);
        Mono.defer(() -> journal.commit(batch.transaction()))
                .subscribe(
                        nothing -> {},
                        error -> worker.schedule(() -> failed(error)),
                        () -> worker.schedule(() -> committed(batch)));
    }

    private Batch gather() {
        List<DirectoryEntry> entries = new ArrayList<>();
        List<CreateIntent> intents = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        List<DeadLetter> deadLetters = new ArrayList<>();
        List<MonoSink<Void>> waiting = new ArrayList<>();
        List<Lane> lanes = List.copyOf(enlisted);
        enlisted.clear();
        for (Lane lane : lanes) {
            if (lane.entryChanged && !lane.entryMayWait) {
                entries.add(lane.entry);
                lane.entryChanged = false;
            }
            if (lane.intentChanged) {
                intents.add(lane.intent);
            }
            outcomes.addAll(lane.outcomes);
            deadLetters.addAll(lane.deadLetters);
            handOver(lane, waiting);
        }
        List<Arrival.Misrouted> reroutes = new ArrayList<>();
        NavigableMap<Long, Arrival> passed = passing.headMap(watermark.value(), false);
        int cost = costOf(passed.values());
        for (Arrival arrival : passed.values()) {
            switch (arrival) {
                case Arrival.Misrouted misrouted -> reroutes.add(misrouted);
                case Arrival.Unreadable unreadable ->
                    deadLetters.add(
                            new DeadLetter(unreadable.record(), null, unreadable.eventType(), unreadable.reason(), 0));
                case Arrival.Event event -> throw new IllegalStateException("an event has a lane");
                case Arrival.Foreign foreign -> {}
            }
        }
        passed.clear();
        // a user whose entry is written has come back since
        entries.forEach(entry -> forgotten.remove(entry.userId()));
        Transaction transaction = new Transaction(
                entries, List.copyOf(forgotten), intents, outcomes, deadLetters, reroutes, watermark.value());
        forgotten.clear();
        return new Batch(transaction, lanes, waiting, cost);
    }

    private void handOver(Lane lane, List<MonoSink<Void>> waiting) {
        lane.intentChanged = false;
        lane.outcomes.clear();
        lane.deadLetters.clear();
        lane.made.clear();
        lane.inFlight = true;
        Lane.Call call = lane.call;
        if (call != null && call.intentWritten != null) {
            waiting.add(call.intentWritten);
            call.intentWritten = null;
        }
        if (lane.held != Lane.NOTHING_HELD && !lane.entryChanged) {
            watermark.release(lane.held);
            lane.held = done.test(lane) ? Lane.NOTHING_HELD : whereToGoOn(lane);
            if (lane.held != Lane.NOTHING_HELD) {
                watermark.hold(lane.held);
            }
        }
    }

    /**
     * The entry says what is missing, so one record is enough to come back to it after a crash: the one the missing work
     * goes back to, as that is the one to become a dead letter.
     */
    private static long whereToGoOn(Lane lane) {
        RawRecord cause = lane.cause;
        return cause == null ? lane.held : Math.max(lane.held, cause.position().offset());
    }

    private void failed(Throwable error) {
        if (!stopped) {
            listener.failed(error);
        }
    }

    private void committed(Batch batch) {
        if (stopped) {
            return;
        }
        underWay = null;
        committedWatermark = batch.transaction().watermark();
        long now = clock.now(TimeUnit.NANOSECONDS);
        breather = now + Math.min((now - lastStart) / 2, LONGEST_BREATHER * intervalNanos);
        batch.intents().forEach(MonoSink::success);
        for (Lane lane : batch.lanes()) {
            lane.inFlight = false;
            if (!lane.hasSomethingToCommit()) {
                lane.commitFirst = false;
            }
            listener.committed(lane);
        }
        listener.committed(batch.transaction(), batch.cost(), clock.now(TimeUnit.NANOSECONDS) - lastStart);
        if (!isQuiet()) {
            wake();
        }
    }
}
