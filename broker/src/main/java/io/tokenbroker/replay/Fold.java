package io.tokenbroker.replay;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.Rules;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the log makes of the users of one partition, were there nothing else: a directory of its own, made by the
 * pipeline's rules, in which nobody has an identity but by adoption. About 700 bytes a user; packing them as the real
 * directory does would take a third of that, and more time.
 */
final class Fold {

    private final Rules rules;
    private final UserFilter filter;
    private final Map<UserId, DirectoryEntry> users = new LinkedHashMap<>();

    Fold(Rules rules, UserFilter filter) {
        this.rules = rules;
        this.filter = filter;
    }

    void take(Recorded.Event recorded) {
        UserId userId = recorded.event().userId();
        if (filter.matches(userId)) {
            users.compute(userId, (id, known) -> next(known == null ? DirectoryEntry.unknown(id) : known, recorded));
        }
    }

    private DirectoryEntry next(DirectoryEntry entry, Recorded.Event recorded) {
        Instant time = recorded.event().ref().time();
        return rules.apply(entry, recorded.event(), recorded.position(), time).next();
    }

    /** In the order in which the log first speaks of them. */
    Stream<DirectoryEntry> users() {
        return users.values().stream();
    }
}
