package io.tokenbroker.directory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A user id as the view holds it: 32 bytes of heap where it is a guid. Ordered and equal as {@link UserId} is. */
abstract sealed class UserKey implements Comparable<UserKey> {

    /** No user's. */
    static final UserKey BEFORE_ALL = new OfText(new byte[0]);

    static UserKey of(UserId userId) {
        Guid guid = Guid.parse(userId.value(), 0);
        return guid == null ? new OfText(userId.utf8()) : new OfGuid(guid.high(), guid.low());
    }

    UserId userId() {
        return new UserId(new String(utf8(), StandardCharsets.UTF_8));
    }

    abstract byte[] utf8();

    @Override
    public final boolean equals(Object other) {
        return other instanceof UserKey key && compareTo(key) == 0;
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(utf8());
    }

    private static final class OfGuid extends UserKey {
        private final long high;
        private final long low;

        OfGuid(long high, long low) {
            this.high = high;
            this.low = low;
        }

        @Override
        byte[] utf8() {
            return new Guid(high, low).toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int compareTo(UserKey other) {
            return switch (other) {
                case OfGuid guid -> {
                    // digits are in the order of what they are worth, and dashes stand at the same places
                    int first = Long.compareUnsigned(high, guid.high);
                    yield first != 0 ? first : Long.compareUnsigned(low, guid.low);
                }
                case OfText text -> new Guid(high, low).compareText(text.utf8);
            };
        }
    }

    private static final class OfText extends UserKey {
        private final byte[] utf8;

        OfText(byte[] utf8) {
            this.utf8 = utf8;
        }

        @Override
        byte[] utf8() {
            return utf8;
        }

        @Override
        public int compareTo(UserKey other) {
            return switch (other) {
                case OfGuid guid -> -guid.compareTo(this);
                case OfText text -> Arrays.compareUnsigned(utf8, text.utf8);
            };
        }
    }
}
