package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryEntry;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where jobs are run, on the one instance that is to: one job of each mode at a time. Thread-safe.
 */
public final class JobDesk {

    /** Whose window the directory's changes are told to. */
    interface Watching {
        void begin(Window window);

        void end(Window window);
    }

    private record Running(Job job, JobControl control, Thread thread) {}

    private static final Logger log = LoggerFactory.getLogger(JobDesk.class);

    private final Ground ground;
    private final JobBook book;
    private final int keep;
    private final List<Window> windows = new CopyOnWriteArrayList<>();
    private final Map<Mode, Running> running = new EnumMap<>(Mode.class);
    private @Nullable JobJournal journal;

    /** @param keep how many jobs that are over are remembered */
    public JobDesk(Ground ground, JobBook book, int keep) {
        this.ground = ground;
        this.book = book;
        this.keep = keep;
        ground.directory().listen(this::changed);
        book.listen(this::look);
    }

    private void changed(DirectoryEntry entry) {
        for (Window window : windows) {
            window.changed(entry);
        }
    }

    /** This instance runs the jobs from now on; the book is up to date. */
    public synchronized void open(JobJournal theJournal) {
        journal = theJournal;
        look();
    }

    /** It does not any more: what is running is left where it is. */
    public void close() {
        List<Running> left;
        synchronized (this) {
            journal = null;
            left = List.copyOf(running.values());
            left.forEach(run -> run.control().close());
        }
        for (Running run : left) {
            try {
                run.thread().join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void look() {
        JobJournal open = journal;
        if (open == null) {
            return;
        }
        book.all().stream()
                .filter(job -> !job.state().isOver())
                .sorted(Comparator.comparing(job -> job.request().startedOn()))
                .forEach(job -> begin(job, open));
    }

    private void begin(Job job, JobJournal open) {
        Mode mode = job.request().mode();
        Running other = running.get(mode);
        if (other == null) {
            JobControl control = new JobControl(job, book, open, ground.clock());
            JobRun run = new JobRun(ground, control, open, new Watched());
            Thread thread = new Thread(() -> run(mode, run, open), "replay-" + mode.wireName());
            thread.setDaemon(true);
            running.put(mode, new Running(job, control, thread));
            thread.start();
        }
    }

    private void run(Mode mode, JobRun run, JobJournal open) {
        try {
            run.run();
            tidy(open);
        } catch (JobControl.Left e) {
            log.debug("closed");
        } catch (JobJournal.NoLongerOwner e) {
            log.warn("no replay is run here until a journal is opened anew cause={}", e.getMessage());
            lost(open);
        } finally {
            synchronized (this) {
                running.remove(mode);
            }
            look();
        }
    }

    /** Whoever began with that journal again would not get any further. */
    private synchronized void lost(JobJournal useless) {
        if (useless.equals(journal)) {
            journal = null;
        }
    }

    private synchronized boolean isOpen(JobJournal which) {
        return which.equals(journal);
    }

    /** Before a job is forgotten it is written down of whom it was in the way: nobody could tell afterwards. */
    private void tidy(JobJournal open) {
        if (!isOpen(open)) {
            return;
        }
        book.refusedUnsaid().forEach(open::end);
        List<String> old = book.all().stream()
                .filter(job -> job.state().isOver())
                .skip(keep)
                .map(Job::id)
                .toList();
        if (!old.isEmpty()) {
            open.forget(old);
        }
    }

    private final class Watched implements Watching {
        @Override
        public void begin(Window window) {
            windows.add(window);
        }

        @Override
        public void end(Window window) {
            windows.remove(window);
        }
    }
}
