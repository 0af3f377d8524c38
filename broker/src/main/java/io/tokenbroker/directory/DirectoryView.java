package io.tokenbroker.directory;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Every user's entry in memory, as the {@code identity-directory} topic tells them. It is fed twice: by the topic, and
 * by this instance's own commits as soon as they are done; the offset decides, so an older record changes nothing.
 * Thread-safe.
 */
public final class DirectoryView {

    private record Held(long offset, DirectoryEntry entry) {}

    private final ConcurrentNavigableMap<UserId, Held> byUser = new ConcurrentSkipListMap<>();
    private final Map<AcsIdentityId, UserId> byIdentity = new ConcurrentHashMap<>();
    private final Tombstones tombstones = new Tombstones();
    private final Sinks.Many<DirectoryEntry> changes = Sinks.many().multicast().directBestEffort();

    /** Takes in one record of the topic; {@code null} is a tombstone. */
    public void apply(UserId userId, long offset, @Nullable DirectoryEntry entry) {
        boolean[] changed = new boolean[1];
        byUser.compute(userId, (user, held) -> {
            if ((held != null && held.offset() >= offset) || tombstones.ended(user, offset)) {
                return held;
            }
            changed[0] = true;
            if (entry == null) {
                tombstones.add(user, offset);
            }
            reindex(held == null ? null : held.entry(), entry);
            return entry == null ? null : new Held(offset, entry);
        });
        if (changed[0] && changes.currentSubscriberCount() > 0) {
            DirectoryEntry told = entry == null ? DirectoryEntry.unknown(userId) : entry;
            synchronized (changes) {
                changes.emitNext(told, Sinks.EmitFailureHandler.FAIL_FAST);
            }
        }
    }

    private void reindex(@Nullable DirectoryEntry before, @Nullable DirectoryEntry after) {
        Set<AcsIdentityId> now = identitiesOf(after);
        if (before != null) {
            for (AcsIdentityId old : identitiesOf(before)) {
                if (!now.contains(old)) {
                    byIdentity.remove(old, before.userId());
                }
            }
        }
        if (after != null) {
            now.forEach(identityId -> byIdentity.put(identityId, after.userId()));
        }
    }

    private static Set<AcsIdentityId> identitiesOf(@Nullable DirectoryEntry entry) {
        if (entry == null || (entry.identityId() == null && entry.doomed().isEmpty())) {
            return Set.of();
        }
        Set<AcsIdentityId> all = new HashSet<>(entry.doomed());
        if (entry.identityId() != null) {
            all.add(entry.identityId());
        }
        return all;
    }

    /** The user's entry, internal ones included. */
    public Optional<DirectoryEntry> find(UserId userId) {
        return Optional.ofNullable(byUser.get(userId)).map(Held::entry);
    }

    /** The user an identity belongs to, or belonged to and is still to be deleted for. */
    public Optional<UserId> holderOf(AcsIdentityId identityId) {
        return Optional.ofNullable(byIdentity.get(identityId));
    }

    /** Entries after {@code after}, in user-id order, walked lazily; {@code null} begins at the first. */
    public Stream<DirectoryEntry> entriesAfter(@Nullable UserId after) {
        var rest = after == null ? byUser : byUser.tailMap(after, false);
        return rest.values().stream().map(Held::entry);
    }

    /** How many entries there are, internal ones included. */
    public int size() {
        return byUser.size();
    }

    /** Each entry that changes from now on, at most once a change; a slow subscriber misses some. */
    public Flux<DirectoryEntry> changes() {
        return changes.asFlux();
    }

    /**
     * The user's entry as soon as {@code settled} holds for it, at once where it does already. Looks again at each
     * change of that entry; never completes by itself otherwise.
     */
    public Mono<DirectoryEntry> when(UserId userId, Predicate<DirectoryEntry> settled) {
        Flux<DirectoryEntry> now = Flux.defer(() -> Mono.justOrEmpty(find(userId)));
        return changes()
                .filter(entry -> entry.userId().equals(userId))
                .onBackpressureLatest()
                .mergeWith(now)
                .filter(settled)
                .next();
    }
}
