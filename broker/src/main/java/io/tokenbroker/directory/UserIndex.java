package io.tokenbroker.directory;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Packed entries by user, in user-id order: sorted chunks of some dozens, found through a skip list of where they begin.
 * A skip list of single entries would take more heap (242 bytes an entry instead of 216). One writer at a time, which
 * the caller sees to; readers never wait, and see a write whole or not at all.
 */
final class UserIndex {

    /** Larger chunks take longer to copy at a write, smaller ones make a longer list. */
    static final int LARGEST_CHUNK = 64;

    /** Has all users from its start to the next one's. */
    private static final class Section {
        private final UserKey start;
        private volatile UserChunk users;

        Section(UserKey start, UserChunk users) {
            this.start = start;
            this.users = users;
        }
    }

    /** Where a user is or would be, until the next write. */
    static final class Place {
        private final Section section;
        private final UserChunk users;
        private final int at;

        private Place(Section section, UserKey key) {
            this.section = section;
            this.users = section.users;
            this.at = users.find(key);
        }

        byte @Nullable [] packed() {
            return at < 0 ? null : users.packed(at);
        }
    }

    private final ConcurrentSkipListMap<UserKey, Section> sections = new ConcurrentSkipListMap<>();
    private final AtomicInteger size = new AtomicInteger();

    UserIndex() {
        add(new Section(UserKey.BEFORE_ALL, UserChunk.EMPTY));
    }

    int size() {
        return size.get();
    }

    Place find(UserKey key) {
        return new Place(section(key), key);
    }

    private Section section(UserKey key) {
        return sections.floorEntry(key).getValue();
    }

    private @Nullable Section after(Section section) {
        Map.Entry<UserKey, Section> next = sections.higherEntry(section.start);
        return next == null ? null : next.getValue();
    }

    /** @return the one copy of the key that is kept */
    UserKey put(Place place, UserKey key, byte[] packed) {
        Section section = place.section;
        if (place.at >= 0) {
            section.users = place.users.with(place.at, packed);
            return place.users.key(place.at);
        }
        UserChunk users = place.users.with(-place.at - 1, key, packed);
        int half = users.size() / 2;
        if (users.size() <= LARGEST_CHUNK) {
            section.users = users;
        } else {
            // in this order nobody misses the upper half meanwhile
            add(new Section(users.key(half), users.part(half, users.size())));
            section.users = users.part(0, half);
        }
        size.incrementAndGet();
        return key;
    }

    void remove(Place place) {
        if (place.at < 0) {
            return;
        }
        Section section = place.section;
        section.users = place.users.without(place.at);
        if (section.users.size() == 0 && !section.start.equals(UserKey.BEFORE_ALL)) {
            sections.remove(section.start);
        }
        size.decrementAndGet();
    }

    private void add(Section section) {
        sections.put(section.start, section);
    }

    /** All from the first user after {@code after} on, walked lazily; what changes meanwhile may be seen or not. */
    Stream<Map.Entry<UserKey, byte[]>> after(UserKey after) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Walk(after), Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** Chunk by chunk; goes on behind the last key it had, so that a section split meanwhile is not walked twice. */
    private final class Walk implements Iterator<Map.Entry<UserKey, byte[]>> {
        private UserKey last;
        private UserChunk users = UserChunk.EMPTY;
        private int next;

        Walk(UserKey after) {
            this.last = after;
        }

        @Override
        public boolean hasNext() {
            if (next == users.size()) {
                turn();
            }
            return next < users.size();
        }

        /** Looks for each section only when the one before was read: it may have been split off that one just now. */
        private void turn() {
            Section section = section(last);
            while (section != null) {
                users = section.users;
                next = users.firstAfter(last);
                section = next < users.size() ? null : after(section);
            }
        }

        @Override
        public Map.Entry<UserKey, byte[]> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            last = users.key(next);
            return Map.entry(last, users.packed(next++));
        }
    }
}
