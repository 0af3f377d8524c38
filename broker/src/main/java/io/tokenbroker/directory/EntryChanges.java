package io.tokenbroker.directory;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Tells who listens what changed: to listeners of everybody each change, on the thread that made it, and to subscribers
 * of one user that there was one. However many listen to others, a change costs one look. Thread-safe.
 */
final class EntryChanges {

    private final List<Consumer<DirectoryEntry>> listeners = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<UserId, List<FluxSink<UserId>>> subscribers = new ConcurrentHashMap<>();

    /** To be told of each change; must be quick, and never throw. */
    void listen(Consumer<DirectoryEntry> listener) {
        listeners.add(listener);
    }

    /** A signal at each change of the user's entry from now on; those a subscriber has no time for become one. */
    Flux<UserId> of(UserId userId) {
        return Flux.create(
                sink -> {
                    subscribers.compute(userId, (user, known) -> {
                        List<FluxSink<UserId>> all = known == null ? new CopyOnWriteArrayList<>() : known;
                        all.add(sink);
                        return all;
                    });
                    sink.onDispose(() -> subscribers.computeIfPresent(userId, (user, all) -> {
                        all.remove(sink);
                        return all.isEmpty() ? null : all;
                    }));
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    void tell(DirectoryEntry entry) {
        listeners.forEach(listener -> listener.accept(entry));
        subscribers.getOrDefault(entry.userId(), List.of()).forEach(sink -> sink.next(entry.userId()));
    }
}
