package io.tokenbroker.emulator.keys;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two keys of a resource. A request signed with either is good, so that clients can be moved to one before the other
 * is made anew, as <a href="https://learn.microsoft.com/azure/communication-services/concepts/authentication">ACS</a> has
 * it.
 *
 * <p>Thread-safe. It says nothing of the keys in {@link #toString()}.
 */
public final class AccessKeys {
    /** Which of the two. */
    public enum Name {
        PRIMARY,
        SECONDARY
    }

    private static final int BYTES = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<Name, byte[]> keys = new EnumMap<>(Name.class);

    /** @param primary base64; null, as for {@code secondary}, for one that is made up */
    AccessKeys(@Nullable String primary, @Nullable String secondary) {
        keys.put(Name.PRIMARY, decoded(primary));
        keys.put(Name.SECONDARY, decoded(secondary));
    }

    /** As clients are given it: base64. */
    public synchronized String encoded(Name name) {
        return Base64.getEncoder().encodeToString(keys.get(name));
    }

    /** What requests may be signed with now. */
    public synchronized List<byte[]> all() {
        return keys.values().stream().map(byte[]::clone).toList();
    }

    /** What was signed with the key until now is signed by nobody from now on. */
    synchronized void regenerate(Name name) {
        keys.put(name, made());
    }

    private static byte[] decoded(@Nullable String key) {
        return key == null ? made() : Base64.getDecoder().decode(key);
    }

    private static byte[] made() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    @Override
    public String toString() {
        return "AccessKeys[hidden]";
    }
}
