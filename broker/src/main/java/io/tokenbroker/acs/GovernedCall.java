package io.tokenbroker.acs;

import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/** One call on its way through the governor, which alone moves it from stage to stage, one at a time. */
final class GovernedCall<T> {

    enum Stage {
        /** For a slot of the quota. */
        WAITING,
        /** What has to happen before the call is under way. */
        BEGINNING,
        /** For a place among the calls in flight. */
        READY,
        CALLING,
        DONE
    }

    private final Destination destination;
    private final Operation operation;
    private final Priority priority;
    private final Mono<Void> beforeCall;
    private final Mono<T> remote;
    private final MonoSink<T> sink;
    private final long arrivedAt;
    private long place;
    private Stage stage = Stage.WAITING;
    private long calledAt;
    private boolean takenAtOnce;
    private @Nullable Disposable running;
    private @Nullable Disposable patience;

    GovernedCall(
            Destination destination,
            Operation operation,
            Priority priority,
            Mono<Void> beforeCall,
            Mono<T> remote,
            MonoSink<T> sink,
            long place,
            long arrivedAt) {
        this.destination = destination;
        this.operation = operation;
        this.priority = priority;
        this.beforeCall = beforeCall;
        this.remote = remote;
        this.sink = sink;
        this.place = place;
        this.arrivedAt = arrivedAt;
    }

    /** The resource it goes to. */
    Destination destination() {
        return destination;
    }

    Operation operation() {
        return operation;
    }

    Priority priority() {
        return priority;
    }

    boolean interactive() {
        return priority == Priority.INTERACTIVE;
    }

    /** Whether it is more urgent, or just as urgent and came before. */
    boolean goesBefore(GovernedCall<?> other) {
        int urgency = priority.compareTo(other.priority);
        return urgency < 0 || (urgency == 0 && place < other.place);
    }

    long arrivedAt() {
        return arrivedAt;
    }

    long calledAt() {
        return calledAt;
    }

    /** Whether it holds one of the slots that replay may take without a pause. */
    boolean takenAtOnce() {
        return takenAtOnce;
    }

    void takenAtOnce(boolean taken) {
        takenAtOnce = taken;
    }

    Stage stage() {
        return stage;
    }

    void waits() {
        stage = Stage.WAITING;
    }

    /** Others go first from now on. */
    void goBehind(long lastPlace) {
        place = lastPlace;
    }

    void ready() {
        stage = Stage.READY;
    }

    /** Never runs anything on this thread, so that ten thousand calls that complete at once need no deep stack. */
    void begin(Scheduler scheduler, Runnable done, Consumer<Throwable> failed) {
        stage = Stage.BEGINNING;
        running = beforeCall
                .subscribeOn(scheduler)
                .contextWrite(sink.contextView())
                .subscribe(nothing -> {}, failed, done);
    }

    /** Calls ACS; {@code succeeded} runs before the caller is told. */
    void call(Scheduler scheduler, long now, Runnable succeeded, Consumer<Throwable> failed) {
        stage = Stage.CALLING;
        calledAt = now;
        impatient(null);
        Consumer<Optional<T>> answered = value -> {
            succeeded.run();
            sink.success(value.orElse(null));
        };
        running = remote.subscribeOn(scheduler)
                .singleOptional()
                .contextWrite(sink.contextView())
                .subscribe(answered, failed);
    }

    /** Replaces the alarm after which this call waits no longer. */
    void impatient(@Nullable Disposable alarm) {
        if (patience != null) {
            patience.dispose();
        }
        patience = alarm;
    }

    /** ACS has answered, and the caller is being told. */
    void succeeded() {
        stage = Stage.DONE;
        running = null;
    }

    /** Ends it for good, taking back what is under way. */
    void end() {
        stage = Stage.DONE;
        impatient(null);
        if (running != null) {
            running.dispose();
        }
    }

    void fail(Scheduler scheduler, Throwable error) {
        end();
        try {
            scheduler.schedule(() -> sink.error(error));
        } catch (RejectedExecutionException shutDown) {
            sink.error(error);
        }
    }
}
