package io.tokenbroker.directory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The creates begun and not settled, of all users, as the {@code create-intents} topic tells them. Thread-safe. */
public final class CreateIntents {

    private record Held(long offset, CreateIntent intent) {}

    private final Map<UserId, Held> byUser = new ConcurrentHashMap<>();
    private final Tombstones tombstones = new Tombstones();

    /** Takes in one record of the topic; records may come twice, and an older one changes nothing. */
    public void apply(UserId userId, long offset, @Nullable CreateIntent intent) {
        byUser.compute(userId, (user, held) -> {
            if (held != null && held.offset() >= offset) {
                return held;
            }
            if (intent == null || intent.isEmpty()) {
                tombstones.add(user, offset);
                return null;
            }
            return tombstones.ended(user, offset) ? held : new Held(offset, intent);
        });
    }

    /** Whether a record of the topic would change nothing, being no newer than what is here. */
    public boolean knows(UserId userId, long offset) {
        Held held = byUser.get(userId);
        return (held != null && held.offset() >= offset) || tombstones.ended(userId, offset);
    }

    /** What is open for this user. */
    public CreateIntent of(UserId userId) {
        Held held = byUser.get(userId);
        return held == null ? CreateIntent.none(userId) : held.intent();
    }

    /** Everything open, in user-id order. */
    public List<CreateIntent> open() {
        return byUser.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().intent())
                .toList();
    }

    /** How many creates may have left an identity behind, those still under way included. */
    public int attempts() {
        return byUser.values().stream()
                .mapToInt(held -> held.intent().attempts().size())
                .sum();
    }
}
