package io.tokenbroker.pipeline;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** What is durable of one partition, and the writers that come and go. */
final class Cluster {

    final List<Transaction> committed = new ArrayList<>();
    final Map<UserId, DirectoryEntry> entries = new LinkedHashMap<>();
    final Map<UserId, CreateIntent> intents = new LinkedHashMap<>();
    final List<Outcome> outcomes = new ArrayList<>();
    final List<DeadLetter> deadLetters = new ArrayList<>();
    final List<Arrival.Misrouted> reroutes = new ArrayList<>();
    long watermark;

    /** Called with each transaction as soon as it is durable, before its writer knows. */
    Consumer<Transaction> onDurable = transaction -> {};

    /** Called with each transaction before it is durable. */
    Consumer<Transaction> onWrite = transaction -> {};

    Supplier<Duration> latency = () -> Duration.ZERO;

    private final Scheduler time;
    private long offset;
    private @Nullable Journal owner;

    Cluster(Scheduler time) {
        this.time = time;
    }

    /** A new owner's writer, which fences the one before. */
    Journal open(DirectoryView view, CreateIntents open) {
        Journal journal = new Journal(view, open);
        owner = journal;
        return journal;
    }

    /** What a new instance reads. */
    void restore(DirectoryView view, CreateIntents open) {
        entries.forEach((userId, entry) -> view.apply(userId, offset, entry));
        intents.forEach((userId, intent) -> open.apply(userId, offset, intent));
    }

    int openAttempts() {
        return intents.values().stream()
                .mapToInt(intent -> intent.attempts().size())
                .sum();
    }

    List<DirectoryEntry> parked() {
        return entries.values().stream().filter(entry -> entry.parked() != null).toList();
    }

    final class Journal implements PartitionJournal {

        private final DirectoryView view;
        private final CreateIntents open;
        private final Sinks.Empty<Void> closing = Sinks.empty();
        private boolean busy;
        private boolean dead;
        private boolean stalled;
        boolean closed;

        @Nullable RuntimeException fault;

        Journal(DirectoryView view, CreateIntents open) {
            this.view = view;
            this.open = open;
        }

        /** The process is gone: nothing is written any more, and nobody hears of what was. */
        void die() {
            dead = true;
        }

        /** From now on commits do not come to an end by themselves. */
        void stall() {
            stalled = true;
        }

        @Override
        public Mono<Void> commit(Transaction transaction) {
            if (busy) {
                throw new AssertionError("two transactions at a time");
            }
            busy = true;
            Mono<Void> written = Mono.defer(() -> stalled ? Mono.never() : pause())
                    .then(Mono.<Void>fromRunnable(() -> write(transaction)))
                    .then(Mono.defer(() -> dead ? Mono.never() : pause()))
                    .then(Mono.fromRunnable(() -> feed(transaction)));
            Mono<Void> aborted =
                    closing.asMono().then(Mono.error(() -> new IllegalStateException("aborted: closed meanwhile")));
            return Mono.firstWithSignal(written, aborted).doFinally(end -> busy = false);
        }

        private Mono<Void> pause() {
            Duration half = latency.get().dividedBy(2);
            return half.isZero() ? Mono.empty() : Mono.delay(half, time).then();
        }

        private void write(Transaction transaction) {
            if (owner != this) {
                throw new OwnershipLost("fenced", new IllegalStateException());
            }
            if (fault != null) {
                throw fault;
            }
            if (!dead) {
                onWrite.accept(transaction);
            }
            if (dead) {
                return;
            }
            store(transaction);
            onDurable.accept(transaction);
        }

        private void feed(Transaction transaction) {
            if (!dead) {
                transaction.entries().forEach(entry -> view.apply(entry.userId(), offset, entry));
                transaction.forgotten().forEach(userId -> view.apply(userId, offset, null));
                transaction.intents().forEach(intent -> open.apply(intent.userId(), offset, intent));
            }
        }

        @Override
        public boolean owns(UserId userId) {
            return true;
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> {
                closed = true;
                closing.tryEmitEmpty();
            });
        }
    }

    private void store(Transaction transaction) {
        offset++;
        committed.add(transaction);
        transaction.entries().forEach(entry -> entries.put(entry.userId(), entry));
        transaction.forgotten().forEach(entries::remove);
        for (CreateIntent intent : transaction.intents()) {
            if (intent.isEmpty()) {
                intents.remove(intent.userId());
            } else {
                intents.put(intent.userId(), intent);
            }
        }
        outcomes.addAll(transaction.outcomes());
        deadLetters.addAll(transaction.deadLetters());
        reroutes.addAll(transaction.reroutes());
        watermark = transaction.watermark();
    }
}
