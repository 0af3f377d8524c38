package io.tokenbroker.replay;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps one job where its callers want it: going on, waiting, or ended. Confined to the job's thread, but for closing. */
final class JobControl {

    /** This instance does not run the job any more; another one will, or this one later. */
    static final class Left extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Somebody wants no more of it. */
    static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String by;

        Cancelled(String by) {
            super("cancelled", null, false, false);
            this.by = by;
        }

        String by() {
            return by;
        }
    }

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int RECORDS_PER_LOOK = 256;

    private final JobBook book;
    private final JobJournal journal;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private Job job;
    private int records;

    JobControl(Job job, JobBook book, JobJournal journal, Clock clock) {
        this.job = job;
        this.book = book;
        this.journal = journal;
        this.clock = clock;
    }

    Job job() {
        return job;
    }

    void to(JobState next, @Nullable String by) {
        save(job.to(next, clock.instant(), by));
    }

    void failed(String why) {
        end(job.failed(why, clock.instant()));
    }

    void cancelled(String by) {
        end(job.to(JobState.CANCELLED, clock.instant(), by));
    }

    private void end(Job over) {
        journal.end(over);
        job = over;
    }

    void save(Job next) {
        journal.commit(next, List.of());
        job = next;
    }

    /** What was committed together with requests. */
    void saved(Job next) {
        job = next;
    }

    /** For loops that turn fast. */
    void lookNowAndThen() {
        if (++records % RECORDS_PER_LOOK == 0) {
            look();
        }
    }

    /** Returns at once while the job is wanted, and else when it is again. */
    void look() {
        Wish wish = wish();
        if (wish.want() == Wish.Want.PAUSE && job.state() != JobState.PAUSED) {
            to(JobState.PAUSED, wish.by());
        }
        while (wish.want() == Wish.Want.PAUSE) {
            pause(LOOK_EVERY);
            wish = wish();
        }
        if (job.state() == JobState.PAUSED) {
            to(job.plan() == null ? JobState.SCANNING : JobState.APPLYING, wish.by());
        }
    }

    private Wish wish() {
        if (closing.getCount() == 0) {
            throw new Left();
        }
        Wish wish = book.wishOf(job.id())
                .orElseGet(() -> new Wish(job.id(), Wish.Want.RUN, job.request().startedBy(), clock.instant()));
        if (wish.want() == Wish.Want.CANCEL) {
            throw new Cancelled(wish.by());
        }
        return wish;
    }

    /** Waits so long, or until this instance is to leave the job. */
    void pause(Duration duration) {
        try {
            if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Left();
            }
        } catch (InterruptedException e) {
            throw new Left();
        }
    }

    /** Ends the run as soon as it looks. From any thread. */
    void close() {
        closing.countDown();
    }
}
