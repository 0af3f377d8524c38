package io.tokenbroker.directory;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The offsets of the latest tombstones. A view is fed by own commits ahead of the topic, so a record that a tombstone has
 * ended may still come after it, and must not bring the entry back. Bounded: by the time it is full, the topic's
 * reader is long past the first. Thread-safe.
 */
final class Tombstones {

    static final int REMEMBERED = 16 * 1024;

    private final Map<UserId, Long> offsets = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UserId, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void add(UserId userId, long offset) {
        offsets.remove(userId);
        offsets.put(userId, offset);
    }

    /** Whether this record was ended by a tombstone at or after it. */
    synchronized boolean ended(UserId userId, long offset) {
        Long ended = offsets.get(userId);
        return ended != null && offset <= ended;
    }
}
