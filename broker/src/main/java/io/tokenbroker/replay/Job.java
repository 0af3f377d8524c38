package io.tokenbroker.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replay and what has become of it so far.
 *
 * @param plan once there is one
 * @param progress while applying, and how it ended
 * @param reason why it failed
 * @param reached how far a redrive has come with appending
 * @param events when it came into each of its states, and by whose will where that is known
 */
public record Job(
        ReplayRequest request,
        JobState state,
        @Nullable Plan plan,
        @Nullable Progress progress,
        @Nullable String reason,
        @Nullable Reached reached,
        List<Event> events) {

    /** @param by the caller who wanted it; {@code null} for the broker */
    public record Event(
            JobState state, Instant on, @Nullable String by) {}

    private static final int KEPT = 50;

    public Job {
        events = List.copyOf(events);
    }

    /** As it was asked for, and nothing done. */
    static Job of(ReplayRequest request) {
        return new Job(
                request,
                JobState.SCANNING,
                null,
                null,
                null,
                null,
                List.of(new Event(JobState.SCANNING, request.startedOn(), request.startedBy())));
    }

    public String id() {
        return request.id();
    }

    /** @throws IllegalStateException where that cannot come next */
    Job to(JobState next, Instant now, @Nullable String by) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " does not become " + next);
        }
        List<Event> all = new ArrayList<>(events);
        all.add(new Event(next, now, by));
        List<Event> kept = all.size() <= KEPT ? all : all.subList(all.size() - KEPT, all.size());
        return new Job(request, next, plan, progress, reason, reached, kept);
    }

    Job with(Plan made) {
        return new Job(request, state, made, progress, reason, reached, events);
    }

    Job with(Progress made) {
        return new Job(request, state, plan, made, reason, reached, events);
    }

    Job reaching(@Nullable Reached place) {
        return new Job(request, state, plan, progress, reason, place, events);
    }

    Job with(ReplayRequest asked) {
        return new Job(asked, state, plan, progress, reason, reached, events);
    }

    /** What tells how it ended, and nothing that may be large; what was asked for has a record of its own. */
    Job bare() {
        return new Job(request.bare(), state, null, progress, reason, reached, events);
    }

    Job failed(String why, Instant now) {
        Job ended = to(JobState.FAILED, now, null);
        return new Job(request, ended.state, plan, progress, why, reached, ended.events);
    }
}
