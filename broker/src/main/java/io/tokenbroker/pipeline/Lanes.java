package io.tokenbroker.pipeline;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.lifecycle.Decision;
import io.tokenbroker.lifecycle.Rules;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of one partition who have something under way, and how a record is folded into its user's lane. Confined to
 * the partition's thread.
 */
final class Lanes {

    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final PipelineContext context;
    private final Rules rules;
    private final Watermark watermark;
    private final GroupCommit commits;
    private final StepRunner steps;
    private final Map<UserId, Lane> byUser = new HashMap<>();

    Lanes(PipelineContext context, Watermark watermark, GroupCommit commits, StepRunner steps) {
        this.context = context;
        this.rules = context.rules();
        this.watermark = watermark;
        this.commits = commits;
        this.steps = steps;
    }

    Collection<Lane> all() {
        return byUser.values();
    }

    boolean has(UserId userId) {
        return byUser.containsKey(userId);
    }

    /** Gives back the room all of them take. */
    void releaseAll() {
        byUser.values().forEach(lane -> release(lane, lane.cost));
    }

    void take(Arrival arrival) {
        watermark.arrived(arrival.record().position().offset());
        switch (arrival) {
            case Arrival.Event event -> takeEvent(event);
            case Arrival.Misrouted misrouted -> commits.pass(misrouted);
            case Arrival.Foreign foreign -> {
                context.metrics().foreign();
                pass(foreign);
            }
            case Arrival.Unreadable unreadable -> {
                if (unreadable.userId() == null) {
                    context.metrics().decided(Verdict.REFUSED);
                    commits.pass(unreadable);
                } else {
                    takeUnreadable(unreadable, unreadable.userId());
                }
            }
        }
    }

    private void takeEvent(Arrival.Event arrival) {
        Lane lane = laneOf(arrival.event().userId());
        if (isKnown(lane, arrival)) {
            return;
        }
        Decision decision = decide(lane, arrival);
        context.metrics().decided(decision.next().lastVerdict());
        hold(lane, arrival.record());
        if (decision.refused().isPresent()) {
            deadLetter(
                    lane,
                    arrival.record(),
                    arrival.event().event().type(),
                    decision.refused().get());
        }
        boolean mayWait = lane.entry.parked() == null
                && !decision.takesAway()
                && decision.outcomes().isEmpty()
                && !lane.commitFirst
                && decision.next().lastVerdict() == Verdict.APPLIED
                && rules.nextStep(decision.next()).isPresent();
        switch (decision.next().lastVerdict()) {
            case APPLIED -> remember(lane, arrival.record());
            case STALE, IGNORED -> release(lane, Admission.costOf(arrival.record()));
            case REFUSED -> {}
        }
        if (mayWait) {
            // nothing is lost by writing the entry together with the answer that follows
            lane.entryMayWait = lane.entryMayWait || !lane.entryChanged;
            lane.entry = decision.next();
            lane.entryChanged = true;
            steps.writeWhenItTakesLong(lane);
        } else {
            steps.fold(
                    lane, decision.next(), decision.outcomes(), decision.next().lastEvent());
        }
        steps.replan(lane);
    }

    /** An event that breaks the rules' own code is set aside like any other that cannot be applied: it stops nobody. */
    private Decision decide(Lane lane, Arrival.Event arrival) {
        LogPosition position = arrival.record().position();
        try {
            return rules.apply(
                    lane.entry, arrival.event(), position, context.clock().instant());
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue(
                            "eventId",
                            PipelineMetrics.escaped(arrival.event().ref().id()))
                    .addKeyValue("partition", position.partition())
                    .addKeyValue("offset", position.offset())
                    .log("an event could not be decided, which is a fault of the broker");
            return new Decision(
                    rules.refused(lane.entry, position),
                    List.of(),
                    false,
                    "the broker failed: " + e.getClass().getName());
        }
    }

    private void takeUnreadable(Arrival.Unreadable arrival, UserId userId) {
        Lane lane = laneOf(userId);
        if (isKnown(lane, arrival)) {
            return;
        }
        context.metrics().decided(Verdict.REFUSED);
        hold(lane, arrival.record());
        deadLetter(lane, arrival.record(), arrival.eventType(), arrival.reason());
        steps.fold(lane, rules.refused(lane.entry, arrival.record().position()), List.of(), null);
    }

    /** A record that was decided before: only what its user's entry still lacks is done. */
    private boolean isKnown(Lane lane, Arrival arrival) {
        LogPosition applied = lane.entry.lastApplied();
        if (applied == null || !arrival.record().position().isAtOrBefore(applied)) {
            return false;
        }
        context.metrics().duplicate();
        boolean toDo = rules.nextStep(lane.entry).isPresent();
        if (toDo && (lane.isIdle() || saysLatest(lane, arrival))) {
            hold(lane, arrival.record());
            remember(lane, arrival.record());
            steps.advance(lane);
        } else {
            retire(lane);
            pass(arrival);
        }
        return true;
    }

    /** Whether this is the record that the entry's missing work goes back to. */
    private static boolean saysLatest(Lane lane, Arrival arrival) {
        EventRef latest = lane.entry.lastEvent();
        return latest != null
                && arrival instanceof Arrival.Event event
                && event.event().ref().id().equals(latest.id())
                && event.event().ref().source().equals(latest.source());
    }

    private void pass(Arrival arrival) {
        context.admission().release(Admission.costOf(arrival.record()));
        commits.wake();
    }

    private Lane laneOf(UserId userId) {
        return byUser.computeIfAbsent(
                userId,
                id -> new Lane(
                        context.directory().find(id).orElseGet(() -> DirectoryEntry.unknown(id)),
                        context.intents().of(id)));
    }

    private void hold(Lane lane, RawRecord record) {
        if (lane.held == Lane.NOTHING_HELD) {
            lane.held = record.position().offset();
            watermark.hold(lane.held);
        }
        lane.cost += Admission.costOf(record);
    }

    /** The lane's work goes back to this record now; what the one before took of the room is free. */
    private void remember(Lane lane, RawRecord record) {
        RawRecord before = lane.cause;
        lane.cause = record;
        if (before != null) {
            release(lane, Admission.costOf(before));
        }
    }

    private void deadLetter(Lane lane, RawRecord record, @Nullable String type, String reason) {
        lane.deadLetters.add(new DeadLetter(record, lane.userId, type, reason, 0));
    }

    private void release(Lane lane, int cost) {
        lane.cost -= cost;
        context.admission().release(cost);
    }

    private void retire(Lane lane) {
        if (lane.isIdle()) {
            byUser.remove(lane.userId);
            release(lane, lane.cost);
        }
    }

    /**
     * The lane went through a transaction. What it keeps of the room is its cause, for as long as that may have to become
     * a dead letter.
     */
    void committed(Lane lane) {
        if (!lane.hasSomethingToCommit()) {
            int kept = lane.cause == null ? 0 : Admission.costOf(lane.cause);
            release(lane, lane.cost - kept);
        }
        steps.advance(lane);
        retire(lane);
    }
}
