package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Rules;
import java.util.stream.Stream;

/**
 * What the log makes of the users of one partition, were there nothing else: a directory of its own, made by the
 * pipeline's rules, in which nobody has an identity but by adoption. Holds each user's entry packed, as the view of the
 * real one does.
 */
final class Fold {

    private final Rules rules;
    private final UserFilter filter;
    private final DirectoryView users = new DirectoryView();
    private long taken;

    Fold(Rules rules, UserFilter filter) {
        this.rules = rules;
        this.filter = filter;
    }

    void take(Recorded.Event recorded) {
        UserId userId = recorded.event().userId();
        if (filter.matches(userId)) {
            DirectoryEntry entry = users.find(userId).orElseGet(() -> DirectoryEntry.unknown(userId));
            DirectoryEntry next = rules.apply(
                            entry,
                            recorded.event(),
                            recorded.position(),
                            recorded.event().ref().time())
                    .next();
            users.apply(userId, taken++, next);
        }
    }

    /** In user-id order, walked lazily. */
    Stream<DirectoryEntry> users() {
        return users.entriesAfter(null);
    }
}
