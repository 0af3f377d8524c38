package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job on a thread of its own: plans it, and applies it as fast as what was asked for gets done. Begins a job
 * anew that was left anywhere: the same part of the log is read again, users it has seen to are known by their entries,
 * and dead letters by how far the job has said it came; only the rest remains.
 */
final class JobRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(JobRun.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofMillis(200);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final int BATCH = 250;
    private static final int BATCH_BYTES = 2 * 1024 * 1024;

    private final Ground ground;
    private final JobControl control;
    private final JobJournal journal;
    private final JobDesk.Watching watching;
    private final List<Ask> batch = new ArrayList<>();
    private int batchBytes;

    /** How far the job will have come once the batch is appended. */
    private @Nullable Reached reaching;

    private Pace pace = new Pace();
    private Instant told = Instant.MIN;

    JobRun(Ground ground, JobControl control, JobJournal journal, JobDesk.Watching watching) {
        this.ground = ground;
        this.control = control;
        this.journal = journal;
        this.watching = watching;
    }

    /** Throws {@link JobControl.Left} or {@link JobJournal.NoLongerOwner} where the job is left to its next runner. */
    @Override
    public void run() {
        try {
            attempt();
        } catch (JobControl.Left | JobJournal.NoLongerOwner e) {
            log.info("replay left to its next runner job={}", control.job().id());
            throw e;
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    /** What nobody reckoned with would most likely come again: the job ends with it, and is not begun for ever. */
    private void end(Throwable fault) {
        String id = control.job().id();
        log.error("replay ended by a fault of the broker job={}", id, fault);
        try {
            control.failed("a fault of the broker, of which its log says more: " + fault);
        } catch (JobJournal.NoLongerOwner e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("nor can it be said that it ended, to be begun anew job={}", id, e);
            control.pause(PAUSE);
        }
    }

    private void attempt() {
        while (!control.job().state().isOver()) {
            try {
                play();
            } catch (JobControl.Cancelled e) {
                control.cancelled(e.by());
            } catch (ReplayRefused | JobJournal.TooLarge e) {
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
        Candidates candidates = ground.candidates(request, control.job().reached(), control::lookNowAndThen);
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
        if (plan.total() == 0 && request.isFiltered()) {
            throw new ReplayRefused(
                    request.mode() == Mode.REDRIVE
                            ? "the filter matches none of the dead letters in the range"
                            : "the filter matches none of the users that were found");
        }
        control.save(
                control.job().with(plan).to(JobState.PLANNED, ground.clock().instant(), null));
    }

    private void apply(Candidates candidates) {
        Plan plan = Objects.requireNonNull(control.job().plan());
        if (control.job().state() != JobState.APPLYING) {
            control.to(JobState.APPLYING, null);
        }
        reaching = control.job().reached();
        Window window =
                new Window(ground.rules(), ground.directory(), control.job().request(), reaching);
        batch.clear();
        batchBytes = 0;
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
        Ask ask = judgement.ask();
        if (ask != null) {
            batch.add(ask);
            batchBytes += ask.size();
            if (ask instanceof Ask.Again again) {
                reaching = reached(again, window);
            }
            if (batch.size() >= Math.min(BATCH, ground.window()) || batchBytes >= BATCH_BYTES) {
                flush(window);
            }
        } else if (judgement.decided()) {
            window.add(Objects.requireNonNull(judgement.userId()), null);
        } else {
            window.passed(judgement.outcome());
        }
    }

    /** Appended and being left where they are is all that happens to dead letters, and it happens in their order. */
    private Reached reached(Ask.Again last, Window window) {
        Map<ReplayOutcome, Long> letters = new HashMap<>(window.counted());
        long before = reaching == null ? 0 : reaching.of(ReplayOutcome.REDRIVEN);
        letters.put(ReplayOutcome.REDRIVEN, before + 1);
        return new Reached(last.letter(), letters);
    }

    private void flush(Window window) {
        if (batch.isEmpty()) {
            return;
        }
        awaitAtMost(ground.window() - batch.size(), window);
        Job next = control.job().with(progress(window)).reaching(reaching);
        List<LogPosition> positions = journal.commit(next, batch);
        control.saved(next);
        for (int i = 0; i < batch.size(); i++) {
            window.add(batch.get(i).userId(), positions.get(i));
        }
        batch.clear();
        batchBytes = 0;
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
