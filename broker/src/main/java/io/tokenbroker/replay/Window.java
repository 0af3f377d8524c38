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
import org.jspecify.annotations.Nullable;

/**
 * The users asked for and not done, and the count of those who are. A user is done when the directory has decided the
 * request and ACS has nothing more to do for them, or will not do it. Thread-safe.
 */
final class Window {

    /** @param position of the request; {@code null} where the directory had decided it already */
    private record Asked(@Nullable LogPosition position) {}

    private final Rules rules;
    private final DirectoryView directory;
    private final String job;
    private final Map<UserId, Asked> outstanding = new ConcurrentHashMap<>();
    private final Map<ReplayOutcome, Long> users = new EnumMap<>(ReplayOutcome.class);
    private long done;
    private long parked;

    Window(Rules rules, DirectoryView directory, String job) {
        this.rules = rules;
        this.directory = directory;
        this.job = job;
    }

    /** Waits for what comes of the request at that position. */
    void add(UserId userId, @Nullable LogPosition position) {
        outstanding.put(userId, new Asked(position));
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
            settled(entry);
        }
    }

    private boolean isDone(Asked asked, DirectoryEntry entry) {
        LogPosition position = asked.position();
        boolean decided =
                position == null || (entry.lastApplied() != null && position.isAtOrBefore(entry.lastApplied()));
        return decided && rules.nextStep(entry).isEmpty();
    }

    private synchronized void settled(DirectoryEntry entry) {
        Replayed replayed = entry.lastReplay();
        ReplayOutcome outcome = replayed != null && replayed.job().equals(job)
                ? replayed.outcome()
                // another replay has decided them since
                : ReplayOutcome.SUPERSEDED;
        users.merge(outcome, 1L, Long::sum);
        done++;
        if (entry.parked() != null) {
            parked++;
        }
        notifyAll();
    }

    int size() {
        return outstanding.size();
    }

    /** Waits until there are no more outstanding than that, but no longer than that. */
    synchronized void awaitAtMost(int most, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); outstanding.size() > most && left > 0; ) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
    }

    /** @param total users to be changed, as was planned */
    synchronized Progress progress(long total, double perSecond) {
        return new Progress(total, done, outstanding.size(), users, parked, perSecond);
    }

    synchronized long done() {
        return done;
    }
}
