package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.lifecycle.Decision;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.pipeline.DeadLetters.Listed;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says of each dead letter, in their order, whether it is to be appended again: unless it cannot be read or would be
 * refused, was applied since, or its user has had a later event, which stands. Positions tell what is later where both
 * are of one partition, and the rules' versions do elsewhere. Remembers each user of a dead letter, so that one redriven
 * for the user is no later event for the next.
 */
final class LetterJudge {

    /** Of one event, whatever record it lies in. */
    private record EventKey(String source, String id) {
        static EventKey of(EventRef ref) {
            return new EventKey(ref.source(), ref.id());
        }
    }

    /** A user as they will be once the dead letters so far are applied. */
    private static final class Expected {
        private final Set<EventKey> redriven = new HashSet<>();
        private @Nullable DirectoryEntry entry;
        private Calls calls = Calls.NONE;
    }

    private final Rules rules;
    private final Rehearsal rehearsal;
    private final DirectoryView directory;
    private final Map<UserId, Expected> users = new HashMap<>();

    LetterJudge(Rules rules, DirectoryView directory) {
        this.rules = rules;
        this.rehearsal = new Rehearsal(rules);
        this.directory = directory;
    }

    /** One that an earlier run of the job has been through. */
    void remember(Letter letter) {
        if (letter.content() instanceof Letter.Content.Event readable) {
            expected(readable.event()).redriven.add(EventKey.of(readable.event().ref()));
        }
    }

    Judgement judge(Letter letter) {
        return switch (letter.content()) {
            case Letter.Content.Unreadable unreadable -> Judgement.of(letter, ReplayOutcome.REFUSED, unreadable.why());
            case Letter.Content.Event readable -> judge(letter, readable);
        };
    }

    private Judgement judge(Letter letter, Letter.Content.Event readable) {
        UserEvent event = readable.event();
        Expected user = expected(event);
        DirectoryEntry is = directory.find(event.userId()).orElseGet(() -> DirectoryEntry.unknown(event.userId()));
        if (user.redriven.contains(EventKey.of(event.ref()))) {
            return Judgement.of(letter, ReplayOutcome.UNCHANGED, "another dead letter has the same event");
        }
        if (isDone(is, event)) {
            return Judgement.of(letter, ReplayOutcome.UNCHANGED, "it was applied since");
        }
        if (hasLaterEvent(is, letter.listed(), event, user)) {
            return Judgement.of(letter, ReplayOutcome.SUPERSEDED, "a later event was applied");
        }
        Decision decision = rules.apply(
                user.entry == null ? is : user.entry, event, letter.listed().origin(), Instant.EPOCH);
        return switch (decision.next().lastVerdict()) {
            case STALE -> Judgement.of(letter, ReplayOutcome.SUPERSEDED, "its source has said something later");
            case REFUSED ->
                Judgement.of(letter, ReplayOutcome.REFUSED, decision.refused().orElse(""));
            case IGNORED -> Judgement.of(letter, ReplayOutcome.UNCHANGED, "there is nothing to do for the user");
            case APPLIED -> {
                user.redriven.add(EventKey.of(event.ref()));
                user.entry = decision.next();
                Calls before = user.calls;
                user.calls = rehearsal.callsOf(decision.next());
                yield Judgement.again(letter, readable, user.calls.minus(before));
            }
        };
    }

    /** Whether the user is as that event made them, and nothing of it was given up. */
    private static boolean isDone(DirectoryEntry is, UserEvent event) {
        return isLatest(is, event.ref()) && is.parked() == null;
    }

    private static boolean isLatest(DirectoryEntry is, EventRef ref) {
        return is.lastEvent() != null && EventKey.of(is.lastEvent()).equals(EventKey.of(ref));
    }

    private static boolean hasLaterEvent(DirectoryEntry is, Listed letter, UserEvent event, Expected user) {
        LogPosition applied = is.appliedAt();
        return applied != null
                && applied.isAfter(letter.origin())
                && !isLatest(is, event.ref())
                && (is.lastEvent() == null || !user.redriven.contains(EventKey.of(is.lastEvent())));
    }

    private Expected expected(UserEvent event) {
        return users.computeIfAbsent(event.userId(), userId -> new Expected());
    }
}
