package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open readers by what they want, so that a record of one user costs the readers of others nothing. */
final class FeedAudience {

    private final Set<FeedReader> ofEverybody = ConcurrentHashMap.newKeySet();
    private final Map<String, List<FeedReader>> byUser = new ConcurrentHashMap<>();

    void add(FeedReader reader, Wanted wanted) {
        if (wanted.isOfEverybody()) {
            ofEverybody.add(reader);
        }
        wanted.users().forEach(user -> byUser.compute(user, (same, readers) -> with(readers, reader)));
    }

    void remove(FeedReader reader, Wanted wanted) {
        ofEverybody.remove(reader);
        wanted.users().forEach(user -> byUser.computeIfPresent(user, (same, readers) -> without(readers, reader)));
    }

    List<FeedReader> of(String user) {
        return byUser.getOrDefault(user, List.of());
    }

    Set<FeedReader> ofEverybody() {
        return ofEverybody;
    }

    void forEach(Consumer<FeedReader> action) {
        ofEverybody.forEach(action);
        byUser.values().forEach(readers -> readers.forEach(action));
    }

    private static List<FeedReader> with(@Nullable List<FeedReader> readers, FeedReader one) {
        List<FeedReader> all = new ArrayList<>(readers == null ? List.of() : readers);
        all.add(one);
        return List.copyOf(all);
    }

    private static @Nullable List<FeedReader> without(List<FeedReader> readers, FeedReader one) {
        List<FeedReader> rest = readers.stream().filter(other -> other != one).toList();
        return rest.isEmpty() ? null : rest;
    }
}
