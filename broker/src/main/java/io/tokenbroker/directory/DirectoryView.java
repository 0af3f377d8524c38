package io.tokenbroker.directory;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every user's entry in memory, as the {@code identity-directory} topic tells them. It is fed twice: by the topic, and
 * by this instance's own commits as soon as they are done; the offset decides, so an older record changes nothing.
 * Thread-safe.
 */
public final class DirectoryView {

    private final EntryPacking packing = new EntryPacking();
    private final UserIndex byUser = new UserIndex();
    private final Map<IdentityKey, UserKey> byIdentity = new ConcurrentHashMap<>();
    private final Tombstones tombstones = new Tombstones();

    /** Held by whoever changes the maps, so that both change together; readers need no lock. */
    private final Object writing = new Object();

    private final EntryChanges changes = new EntryChanges();

    /**
     * Takes in one record of the topic; {@code null} is a tombstone.
     *
     * @return whether it changed anything, which an older record does not
     * @throws IllegalArgumentException when the entry is another user's
     */
    public boolean apply(UserId userId, long offset, @Nullable DirectoryEntry entry) {
        boolean changed = entry == null ? remove(userId, offset) : put(userId, offset, entry);
        if (changed) {
            changes.tell(entry == null ? DirectoryEntry.unknown(userId) : entry);
        }
        return changed;
    }

    private boolean put(UserId userId, long offset, DirectoryEntry entry) {
        if (!entry.userId().equals(userId)) {
            throw new IllegalArgumentException("the entry is another user's");
        }
        UserKey key = UserKey.of(userId);
        byte[] packed = packing.pack(offset, entry);
        synchronized (writing) {
            UserIndex.Place place = byUser.find(key);
            byte[] held = place.packed();
            if ((held != null && EntryPacking.offset(held) >= offset) || tombstones.ended(userId, offset)) {
                return false;
            }
            UserKey kept = byUser.put(place, key, packed);
            reindex(kept, held == null ? null : packing.unpack(userId, held), entry);
            return true;
        }
    }

    private boolean remove(UserId userId, long offset) {
        UserKey key = UserKey.of(userId);
        synchronized (writing) {
            UserIndex.Place place = byUser.find(key);
            byte[] held = place.packed();
            if ((held != null && EntryPacking.offset(held) >= offset) || tombstones.ended(userId, offset)) {
                return false;
            }
            tombstones.add(userId, offset);
            byUser.remove(place);
            reindex(key, held == null ? null : packing.unpack(userId, held), null);
            return true;
        }
    }

    private void reindex(UserKey key, @Nullable DirectoryEntry before, @Nullable DirectoryEntry after) {
        Set<AcsIdentityId> then = identitiesOf(before);
        Set<AcsIdentityId> now = identitiesOf(after);
        for (AcsIdentityId old : then) {
            if (!now.contains(old)) {
                byIdentity.remove(packing.key(old), key);
            }
        }
        for (AcsIdentityId identityId : now) {
            byIdentity.put(packing.key(identityId), key);
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

    /** Whether a record of the topic would change nothing, being no newer than what is here. */
    public boolean knows(UserId userId, long offset) {
        byte[] held = byUser.find(UserKey.of(userId)).packed();
        return held != null && EntryPacking.offset(held) >= offset;
    }

    /** The user's entry, internal ones included. */
    public Optional<DirectoryEntry> find(UserId userId) {
        return Optional.ofNullable(byUser.find(UserKey.of(userId)).packed())
                .map(packed -> packing.unpack(userId, packed));
    }

    /** The user an identity belongs to, or belonged to and is still to be deleted for. */
    public Optional<UserId> holderOf(AcsIdentityId identityId) {
        return Optional.ofNullable(byIdentity.get(packing.key(identityId))).map(UserKey::userId);
    }

    /** Entries after {@code after}, in user-id order, walked lazily; {@code null} begins at the first. */
    public Stream<DirectoryEntry> entriesAfter(@Nullable UserId after) {
        return packedAfter(after).map(held -> packing.unpack(held.getKey().userId(), held.getValue()));
    }

    /** Users gone, at ACS too, since before {@code limit}; looks at all entries, and unpacks few of them. */
    public Stream<UserId> deletedBefore(Instant limit) {
        return packedAfter(null)
                .filter(held -> EntryPacking.standing(held.getValue()) == Standing.GONE)
                .map(held -> packing.unpack(held.getKey().userId(), held.getValue()))
                .filter(entry -> entry.deletedBefore(limit))
                .map(DirectoryEntry::userId);
    }

    private Stream<Map.Entry<UserKey, byte[]>> packedAfter(@Nullable UserId after) {
        return byUser.after(after == null ? UserKey.BEFORE_ALL : UserKey.of(after));
    }

    /** How many entries there are, internal ones included. */
    public int size() {
        return byUser.size();
    }

    /** To be told of each entry that changes, on the thread that changes it; must be quick, and never throw. */
    public void listen(Consumer<DirectoryEntry> listener) {
        changes.listen(listener);
    }

    /**
     * The user's entry, empty where there is none, and again at each change, as {@link DirectoryEntry#unknown} where it
     * goes. Who is slow misses some, never the newest.
     */
    public Flux<DirectoryEntry> follow(UserId userId) {
        // each signal has the entry read anew, so that signals that overtake each other tell nothing old
        return changes.of(userId)
                .mergeWith(Mono.just(userId))
                .map(user -> find(user).orElseGet(() -> DirectoryEntry.unknown(user)));
    }

    /**
     * The user's entry as soon as {@code settled} holds for it, at once where it does already. Looks again at each
     * change of that entry; never completes by itself otherwise.
     */
    public Mono<DirectoryEntry> when(UserId userId, Predicate<DirectoryEntry> settled) {
        return follow(userId).filter(settled).next();
    }
}
