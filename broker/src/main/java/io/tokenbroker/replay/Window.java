package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.Replayed;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Rules;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for and is not done, and the count of what is. A user is done when the directory has decided the latest
 * that was asked, and ACS has nothing more to do for them, or will not do it. Thread-safe.
 */
final class Window {

    /**
     * @param position of the latest that was asked; {@code null} where the directory had decided it already
     * @param times how often the user was asked for
     */
    private record Asked(@Nullable LogPosition position, int times) {

        static Asked once(@Nullable LogPosition position) {
            return new Asked(position, 1);
        }

        Asked then(Asked next) {
            return new Asked(next.position, times + next.times);
        }
    }

    private final Rules rules;
    private final DirectoryView directory;
    private final ReplayRequest request;
    private final Map<UserId, Asked> outstanding = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Map<ReplayOutcome, Long> users = new EnumMap<>(ReplayOutcome.class);
    private long done;
    private long parked;

    /** @param reached how far an earlier run of a redrive came: what it appended counts as done */
    Window(Rules rules, DirectoryView directory, ReplayRequest request, @Nullable Reached reached) {
        this.rules = rules;
        this.directory = directory;
        this.request = request;
        if (reached != null) {
            users.putAll(reached.letters());
            done = reached.of(ReplayOutcome.REDRIVEN);
        }
    }

    /** Waits for what comes of the request at that position. */
    void add(UserId userId, @Nullable LogPosition position) {
        size.incrementAndGet();
        outstanding.merge(userId, Asked.once(position), Asked::then);
        // it may have been faster
        directory.find(userId).ifPresent(this::changed);
    }

    /** Nothing had to be done. */
    synchronized void passed(ReplayOutcome outcome) {
        users.merge(outcome, 1L, Long::sum);
    }

    /** An entry has changed; quick for those nobody waits for. */
    void changed(DirectoryEntry entry) {
        Asked asked = outstanding.get(entry.userId());
        if (asked != null && isDone(asked, entry) && outstanding.remove(entry.userId(), asked)) {
            settled(entry, asked.times());
        }
    }

    private boolean isDone(Asked asked, DirectoryEntry entry) {
        LogPosition position = asked.position();
        boolean decided =
                position == null || (entry.lastApplied() != null && position.isAtOrBefore(entry.lastApplied()));
        return decided && rules.nextStep(entry).isEmpty();
    }

    private synchronized void settled(DirectoryEntry entry, int times) {
        size.addAndGet(-times);
        users.merge(outcome(entry), (long) times, Long::sum);
        done += times;
        if (entry.parked() != null) {
            parked += times;
        }
        notifyAll();
    }

    private ReplayOutcome outcome(DirectoryEntry entry) {
        if (request.mode() == Mode.REDRIVE) {
            return ReplayOutcome.REDRIVEN;
        }
        Replayed replayed = entry.lastReplay();
        return replayed != null && replayed.job().equals(request.id())
                ? replayed.outcome()
                // another replay has decided them since
                : ReplayOutcome.SUPERSEDED;
    }

    int size() {
        return size.get();
    }

    /** How much of each there was for which nothing had to be asked, and how much of what was asked is done. */
    synchronized Map<ReplayOutcome, Long> counted() {
        return Map.copyOf(users);
    }

    /** Waits until there are no more outstanding than that, but no longer than that. */
    synchronized void awaitAtMost(int most, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); size.get() > most && left > 0; ) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
    }

    /** @param total users to be changed, as was planned */
    synchronized Progress progress(long total, double perSecond) {
        return new Progress(total, done, size.get(), users, parked, perSecond);
    }

    synchronized long done() {
        return done;
    }
}
