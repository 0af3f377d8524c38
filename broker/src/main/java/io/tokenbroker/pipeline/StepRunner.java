package io.tokenbroker.pipeline;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Decision;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeIds;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Asks ACS for what the entries of a partition's lanes still need, one call a lane at a time, and folds the answers in.
 * Confined to the partition's thread; only the calls themselves run elsewhere.
 */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    /** Callers notice a wait as long as this. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private final Rules rules;
    private final IdentityCalls calls;
    private final PipelineSettings.RetryPolicy retry;
    private final Clock clock;
    private final OutcomeIds ids;
    private final PipelineMetrics metrics;
    private final Scheduler.Worker worker;
    private final GroupCommit commits;
    private final Runnable afterCall;

    private boolean closed;
    private boolean abandoned;
    private int begun;

    StepRunner(PipelineContext context, Scheduler.Worker worker, GroupCommit commits, Runnable afterCall) {
        this.rules = context.rules();
        this.calls = context.calls();
        this.retry = context.settings().retry();
        this.clock = context.clock();
        this.ids = context.ids();
        this.metrics = context.metrics();
        this.worker = worker;
        this.commits = commits;
        this.afterCall = afterCall;
    }

    /** Starts the lane's next step, unless one is under way or has to wait. */
    void advance(Lane lane) {
        if (closed || lane.call != null || lane.backoff != null || lane.commitFirst) {
            return;
        }
        rules.nextStep(lane.entry).ifPresent(step -> start(lane, step));
    }

    /** The lane's entry has changed: what still waits for its turn may not be wanted any more. */
    void replan(Lane lane) {
        Optional<Step> wanted = rules.nextStep(lane.entry);
        Lane.Call call = lane.call;
        if (call != null && !call.begun && !wanted.equals(Optional.of(call.step))) {
            takeBack(lane, call);
        }
        // an event that leaves the work as it was neither shortens the wait nor renews the budget
        if (lane.call == null && lane.failed != null && !wanted.equals(Optional.of(lane.failed))) {
            stopWaiting(lane);
            lane.forgetFailures();
        }
        advance(lane);
    }

    /** No new calls; those that only wait are taken back, those begun are seen to their end. */
    void close(Iterable<Lane> lanes) {
        closed = true;
        for (Lane lane : lanes) {
            Lane.Call call = lane.call;
            if (call != null && !call.begun) {
                takeBack(lane, call);
            }
            stopWaiting(lane);
        }
    }

    /** Answers can no longer be committed here: another owner decides from now on. */
    void abandon(Iterable<Lane> lanes) {
        close(lanes);
        abandoned = true;
        for (Lane lane : lanes) {
            lane.made.forEach(this::deleteUnclaimed);
            lane.made.clear();
        }
    }

    /** Whether a call is begun whose answer has not come. */
    boolean isBusy() {
        return begun > 0;
    }

    private void start(Lane lane, Step step) {
        Lane.Call call = new Lane.Call(ids.next(), step, lane.entry.lastEvent(), calls.answered(step));
        lane.call = call;
        Mono<StepResult> answer =
                calls.call(step, priorityOf(call.cause), call.id, Mono.create(sink -> begin(lane, call, sink)));
        String traceparent = call.cause == null ? null : call.cause.traceparent();
        call.subscription = (traceparent == null
                        ? answer
                        : answer.contextWrite(context -> context.put(IdentityCalls.TRACEPARENT, traceparent)))
                .subscribe(
                        result -> worker.schedule(() -> completed(lane, call, result)),
                        error -> worker.schedule(() -> failed(lane, call, error)));
    }

    private static IdentityCalls.Priority priorityOf(@Nullable EventRef cause) {
        return cause != null && cause.type().equals(ReconcileRequested.TYPE)
                ? IdentityCalls.Priority.REPLAY
                : IdentityCalls.Priority.LIVE;
    }

    /** Runs right before the call, and for a create only lets it go on once the intent is durable. */
    private void begin(Lane lane, Lane.Call call, MonoSink<Void> goOn) {
        worker.schedule(() -> {
            // a call that had to queue up again, after a 429 say, is not made either once the partition is given up
            if (lane.call != call || closed) {
                goOn.error(new CancellationException("taken back"));
                return;
            }
            call.answeredBefore = calls.answered(call.step);
            boolean again = call.begun;
            if (!again) {
                call.begun = true;
                begun++;
            }
            if (again || !call.step.makesIdentity()) {
                goOn.success();
                return;
            }
            call.inIntent = true;
            call.intentWritten = goOn;
            lane.intent = lane.intent.begin(call.id, clock.instant());
            lane.intentChanged = true;
            commits.enlist(lane);
        });
    }

    private void completed(Lane lane, Lane.Call call, StepResult result) {
        if (!finish(lane, call)) {
            return;
        }
        if (abandoned) {
            if (result instanceof StepResult.IdentityCreated created) {
                deleteUnclaimed(created.identityId());
            }
            afterCall.run();
            return;
        }
        if (result instanceof StepResult.IdentityCreated created) {
            lane.made.add(created.identityId());
        }
        Decision decision = rules.completed(lane.entry, call.step, result, clock.instant());
        settleIntent(lane, call);
        lane.forgetFailures();
        fold(lane, decision.next(), decision.outcomes(), call.cause);
        afterCall.run();
    }

    /** An identity that is known and that nobody will ever refer to: it has been in no transaction. */
    private void deleteUnclaimed(AcsIdentityId identityId) {
        calls.call(new Step.DeleteIdentity(identityId), IdentityCalls.Priority.LIVE, ids.next(), Mono.empty())
                .subscribe(
                        deleted -> log.info("deleted an identity that lost a race"),
                        error -> log.warn("an identity that lost a race is left at ACS: {}", error.toString()));
    }

    private void failed(Lane lane, Lane.Call call, Throwable error) {
        if (!finish(lane, call)) {
            return;
        }
        if (abandoned || (closed && error instanceof CancellationException)) {
            afterCall.run();
            return;
        }
        boolean refused = error instanceof AcsFault fault && fault.kind() == AcsFault.Kind.REFUSED;
        if (!rules.nextStep(lane.entry).equals(Optional.of(call.step))) {
            superseded(lane, call, refused);
            afterCall.run();
            return;
        }
        lane.failed = call.step;
        lane.failures++;
        // while the resource answers nobody, the fault is not this event's
        if (calls.answered(call.step) != call.answeredBefore || !(error instanceof AcsFault)) {
            lane.countedFailures++;
        }
        if (refused) {
            settleIntent(lane, call);
        }
        if (refused || lane.countedFailures >= retry.maxAttempts()) {
            park(lane, call, error);
        } else if (!closed) {
            Duration wait =
                    retry.backoff(lane.failures, ThreadLocalRandom.current().nextDouble());
            metrics.retried();
            lane.backoff = worker.schedule(
                    () -> {
                        lane.backoff = null;
                        advance(lane);
                    },
                    wait.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
        afterCall.run();
    }

    /**
     * A later event has put other work, or none, in the place of what failed: it is not to be parked for it. The entry is
     * written again, so that the lane goes on, or lets go of the watermark where there is nothing left to do.
     */
    private void superseded(Lane lane, Lane.Call call, boolean refused) {
        if (refused) {
            settleIntent(lane, call);
        }
        lane.forgetFailures();
        fold(lane, lane.entry, List.of(), null);
    }

    private void park(Lane lane, Lane.Call call, Throwable error) {
        String reason = error instanceof AcsFault fault
                ? "ACS: " + fault.code()
                : error.getClass().getSimpleName();
        about(call.cause, log.atWarn())
                .addKeyValue("userId", PipelineMetrics.escaped(lane.userId.value()))
                .addKeyValue("step", call.step.getClass().getSimpleName())
                .addKeyValue("reason", reason)
                .addKeyValue("attempts", lane.failures)
                .log("parked");
        if (lane.cause != null) {
            EventRef latest = lane.entry.lastEvent();
            String type = latest == null ? null : latest.type();
            lane.deadLetters.add(new DeadLetter(lane.cause, lane.userId, type, reason, lane.failures));
        }
        metrics.parked();
        lane.forgetFailures();
        fold(lane, rules.park(lane.entry, reason, clock.instant()), List.of(), call.cause);
    }

    /** By which an entry of the log is found from upstream, and from a trace. */
    private static LoggingEventBuilder about(@Nullable EventRef cause, LoggingEventBuilder entry) {
        if (cause == null) {
            return entry;
        }
        LoggingEventBuilder named = entry.addKeyValue("eventId", PipelineMetrics.escaped(cause.id()));
        return cause.traceId()
                .map(traceId -> named.addKeyValue("traceId", traceId))
                .orElse(named);
    }

    /** A user who waits for the quota, or for ACS to come back, is known as such to callers. */
    void writeWhenItTakesLong(Lane lane) {
        worker.schedule(
                () -> {
                    if (lane.entryChanged && !closed) {
                        lane.entryMayWait = false;
                        commits.enlist(lane);
                    }
                },
                LONG.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Adds the next entry and what is announced with it to the lane's next transaction. */
    void fold(Lane lane, DirectoryEntry next, List<OutcomeEvent> outcomes, @Nullable EventRef cause) {
        lane.entry = next;
        lane.entryChanged = true;
        lane.entryMayWait = false;
        lane.commitFirst = true;
        String requestedBy = cause == null ? null : cause.requestedBy();
        for (OutcomeEvent outcome : outcomes) {
            lane.outcomes.add(new Outcome(ids.next(), clock.instant(), outcome, cause, requestedBy));
        }
        commits.enlist(lane);
    }

    /** The call is over. Where it was lost track of on purpose, its answer no longer matters. */
    private boolean finish(Lane lane, Lane.Call call) {
        if (lane.call != call) {
            return false;
        }
        lane.call = null;
        if (call.begun) {
            begun--;
        }
        return true;
    }

    private static void settleIntent(Lane lane, Lane.Call call) {
        if (call.inIntent) {
            lane.intent = lane.intent.settle(call.id);
            lane.intentChanged = true;
        }
    }

    private static void stopWaiting(Lane lane) {
        if (lane.backoff != null) {
            lane.backoff.dispose();
            lane.backoff = null;
        }
    }

    private static void takeBack(Lane lane, Lane.Call call) {
        lane.call = null;
        if (call.subscription != null) {
            call.subscription.dispose();
        }
    }
}
