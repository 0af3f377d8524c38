package io.tokenbroker.directory;

import java.util.Arrays;

/** Some users next to each other in user-id order, and their packed entries. Never changes; a change makes another. */
final class UserChunk {

    static final UserChunk EMPTY = new UserChunk(new UserKey[0], new byte[0][]);

    private final UserKey[] keys;
    private final byte[][] packed;

    private UserChunk(UserKey[] keys, byte[][] packed) {
        this.keys = keys;
        this.packed = packed;
    }

    int size() {
        return keys.length;
    }

    UserKey key(int at) {
        return keys[at];
    }

    byte[] packed(int at) {
        return packed[at];
    }

    /** Where the key is; {@code -(where it would be) - 1} if it is not here. */
    int find(UserKey key) {
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = keys[middle].compareTo(key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    int firstAfter(UserKey key) {
        int found = find(key);
        return found < 0 ? -found - 1 : found + 1;
    }

    UserChunk with(int at, UserKey key, byte[] entry) {
        UserKey[] moreKeys = Arrays.copyOf(keys, keys.length + 1);
        byte[][] morePacked = Arrays.copyOf(packed, keys.length + 1);
        System.arraycopy(keys, at, moreKeys, at + 1, keys.length - at);
        System.arraycopy(packed, at, morePacked, at + 1, keys.length - at);
        moreKeys[at] = key;
        morePacked[at] = entry;
        return new UserChunk(moreKeys, morePacked);
    }

    UserChunk with(int at, byte[] entry) {
        byte[][] otherPacked = packed.clone();
        otherPacked[at] = entry;
        return new UserChunk(keys, otherPacked);
    }

    UserChunk without(int at) {
        UserKey[] fewerKeys = Arrays.copyOf(keys, keys.length - 1);
        byte[][] fewerPacked = Arrays.copyOf(packed, keys.length - 1);
        System.arraycopy(keys, at + 1, fewerKeys, at, fewerKeys.length - at);
        System.arraycopy(packed, at + 1, fewerPacked, at, fewerKeys.length - at);
        return new UserChunk(fewerKeys, fewerPacked);
    }

    UserChunk part(int from, int to) {
        return new UserChunk(Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(packed, from, to));
    }
}
