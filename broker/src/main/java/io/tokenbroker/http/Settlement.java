package io.tokenbroker.http;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.UserState;
import io.tokenbroker.directory.Verdict;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tells how an event ended, once it has. */
@Component
final class Settlement {

    private final DirectoryView view;

    Settlement(DirectoryView view) {
        this.view = view;
    }

    /**
     * Waits until the record at {@code position} was decided and nothing is left to be done at ACS.
     *
     * @return the user's entry then, or a {@link Problem} where the event was not applied
     */
    Mono<EntryJson> of(UserId userId, String eventId, LogPosition position) {
        return view.when(userId, entry -> isDecided(entry, position) && !isPending(entry, position))
                .publishOn(Schedulers.parallel()) // the view's own thread has other users to serve
                .map(entry -> outcome(entry, eventId, position));
    }

    private static boolean isDecided(DirectoryEntry entry, LogPosition position) {
        LogPosition last = entry.lastApplied();
        return last != null && position.isAtOrBefore(last);
    }

    private static boolean isPending(DirectoryEntry entry, LogPosition position) {
        if (entry.parked() != null || isTurnedDown(entry, position)) {
            return false;
        }
        return entry.revoking()
                || entry.state()
                        .filter(state -> state == UserState.PROVISIONING || state == UserState.DELETING)
                        .isPresent();
    }

    private static boolean isTurnedDown(DirectoryEntry entry, LogPosition position) {
        return position.equals(entry.lastApplied())
                && (entry.lastVerdict() == Verdict.STALE || entry.lastVerdict() == Verdict.REFUSED);
    }

    private static EntryJson outcome(DirectoryEntry entry, String eventId, LogPosition position) {
        boolean last = position.equals(entry.lastApplied());
        if (last && entry.lastVerdict() == Verdict.STALE) {
            throw Problem.of(ProblemType.STALE_EVENT, "event " + eventId + " changed nothing");
        }
        if (last && entry.lastVerdict() == Verdict.REFUSED) {
            throw Problem.of(
                    ProblemType.EVENT_REFUSED, "event " + eventId + " is in the dead letters, with the reason");
        }
        if (entry.parked() != null) {
            throw Problem.of(
                    ProblemType.EVENT_REFUSED,
                    "event " + LogSafe.escaped(entry.parked().eventId()) + " is parked: "
                            + LogSafe.escaped(entry.parked().reason()));
        }
        return EntryJson.of(entry)
                .orElseThrow(() -> Problem.of(
                        ProblemType.UNKNOWN_USER, "event " + eventId + " was taken in and had nothing to change"));
    }
}
