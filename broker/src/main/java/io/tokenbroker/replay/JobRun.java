package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.ReconcileRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job on a thread of its own: plans it, and applies it as fast as what was asked for gets done. Begins a job
 * anew that was left anywhere: the same part of the log is read again, users it has seen to are known by their entries,
 * and only the rest remains.
 */
final class JobRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(JobRun.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(200);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final int BATCH = 250;

    private final Ground ground;
    private final JobControl control;
    private final JobJournal journal;
    private final JobDesk.Watching watching;
    private final List<ReconcileRequested> batch = new ArrayList<>();
    private Pace pace = new Pace();
    private Instant told = Instant.MIN;

    JobRun(Ground ground, JobControl control, JobJournal journal, JobDesk.Watching watching) {
        this.ground = ground;
        this.control = control;
        this.journal = journal;
        this.watching = watching;
    }

    @Override
    public void run() {
        try {
            attempt();
        } catch (JobControl.Left | JobJournal.NoLongerOwner e) {
            log.info("replay left to its next runner job={}", control.job().id());
        } catch (RuntimeException e) {
            log.error(
                    "replay ended by a fault of the broker job={}",
                    control.job().id(),
                    e);
        }
    }

    private void attempt() {
        while (!control.job().state().isOver()) {
            try {
                play();
            } catch (JobControl.Cancelled e) {
                control.to(JobState.CANCELLED, e.by());
            } catch (ReplayRefused e) {
                control.failed(String.valueOf(e.getMessage()));
            } catch (History.Unavailable e) {
                log.warn("replay begins anew job={} reason={}", control.job().id(), e.toString());
                control.pause(PAUSE);
            }
        }
    }

    private void play() {
        ReplayRequest request = control.job().request();
        control.look();
        Candidates candidates = ground.candidates(request, control::lookNowAndThen);
        if (control.job().plan() == null) {
            plan(candidates);
        }
        if (request.dryRun()) {
            control.to(JobState.COMPLETED, null);
        } else {
            apply(candidates);
        }
    }

    private void plan(Candidates candidates) {
        ReplayRequest request = control.job().request();
        if (request.mode() == Mode.REBUILD) {
            ground.resources().problem().ifPresent(why -> {
                throw new ReplayRefused(why);
            });
        }
        Plan plan = Plan.of(candidates, ground.quota());
        if (plan.total() == 0 && !request.filter().equals(UserFilter.EVERYBODY)) {
            throw new ReplayRefused("the filter matches none of the users that were found");
        }
        control.save(
                control.job().with(plan).to(JobState.PLANNED, ground.clock().instant(), null));
    }

    private void apply(Candidates candidates) {
        Plan plan = Objects.requireNonNull(control.job().plan());
        if (control.job().state() != JobState.APPLYING) {
            control.to(JobState.APPLYING, null);
        }
        Window window =
                new Window(ground.rules(), ground.directory(), control.job().id());
        batch.clear();
        pace = new Pace();
        watching.begin(window);
        try {
            candidates.forEach(plan.scanned().strays() > 0, judgement -> take(judgement, window));
            flush(window);
            awaitAtMost(0, window);
        } finally {
            watching.end(window);
        }
        control.save(control.job()
                .with(window.progress(window.done(), 0))
                .to(JobState.COMPLETED, ground.clock().instant(), null));
    }

    private void take(Judgement judgement, Window window) {
        if (judgement.request() != null) {
            batch.add(judgement.request());
            if (batch.size() >= Math.min(BATCH, ground.window())) {
                flush(window);
            }
        } else if (judgement.decided()) {
            window.add(judgement.userId(), null);
        } else {
            window.passed(judgement.outcome());
        }
    }

    private void flush(Window window) {
        if (batch.isEmpty()) {
            return;
        }
        awaitAtMost(ground.window() - batch.size(), window);
        Job next = control.job().with(progress(window));
        List<LogPosition> positions = journal.commit(next, batch);
        control.saved(next);
        for (int i = 0; i < batch.size(); i++) {
            window.add(new UserId(batch.get(i).userId()), positions.get(i));
        }
        batch.clear();
    }

    private void awaitAtMost(int most, Window window) {
        control.look();
        while (window.size() > most) {
            try {
                window.awaitAtMost(most, BREATH);
            } catch (InterruptedException e) {
                throw new JobControl.Left();
            }
            control.look();
            tell(window);
        }
    }

    private void tell(Window window) {
        Instant now = ground.clock().instant();
        if (!now.isBefore(told.plus(TELL_EVERY))) {
            control.save(control.job().with(progress(window)));
        }
    }

    private Progress progress(Window window) {
        told = ground.clock().instant();
        Plan plan = control.job().plan();
        return window.progress(plan == null ? 0 : plan.changes(), pace.at(told, window.done()));
    }
}
