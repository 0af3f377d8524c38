package io.tokenbroker.directory;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes values one after the other in few bytes, for a {@link PackedReader} to read in the same order. */
final class PackedWriter {

    static final int NULL = 0;
    static final int GUID = 1;
    static final int TEXT = 2;

    private byte[] bytes = new byte[128];
    private int length;

    void octet(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) value;
    }

    /** Seven bits a byte, the lowest first: short for small numbers, possible for any. */
    void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet((int) rest | 0x80);
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /** Short also for numbers just below zero. */
    private void signed(long value) {
        number((value << 1) ^ (value >> 63));
    }

    private void wide(long value, int octets) {
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            octet((int) (value >>> shift));
        }
    }

    /** Any text, also one that is no valid Unicode. */
    void text(@Nullable String text) {
        Guid guid = text == null ? null : Guid.parse(text, 0);
        if (text == null) {
            number(NULL);
        } else if (guid != null) {
            number(GUID);
            wide(guid.high(), Long.BYTES);
            wide(guid.low(), Long.BYTES);
        } else {
            number(TEXT + text.length());
            for (int i = 0; i < text.length(); i++) {
                number(text.charAt(i));
            }
        }
    }

    /** A text that is likely to recur. */
    void term(String text, Vocabulary vocabulary) {
        int number = vocabulary.numberOf(text);
        number(number + 1);
        if (number == Vocabulary.UNKNOWN) {
            text(text);
        }
    }

    /** Short where it is near {@code base}. */
    void instant(Instant instant, Instant base) {
        signed(instant.getEpochSecond() - base.getEpochSecond());
        wide(instant.getNano(), Integer.BYTES);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
