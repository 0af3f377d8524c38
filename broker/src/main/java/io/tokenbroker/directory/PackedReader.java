package io.tokenbroker.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link PackedWriter} wrote, in the same order. */
final class PackedReader {

    private final byte[] bytes;
    private int next;

    PackedReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int octet() {
        return bytes[next++] & 0xff;
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
    }

    /** A number that was an {@code int}. */
    int small() {
        return (int) number();
    }

    private long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    private long wide(int octets) {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    @Nullable String optionalText() {
        int form = small();
        return switch (form) {
            case PackedWriter.NULL -> null;
            case PackedWriter.GUID -> new Guid(wide(Long.BYTES), wide(Long.BYTES)).toString();
            default -> characters(form - PackedWriter.TEXT);
        };
    }

    private String characters(int count) {
        char[] characters = new char[count];
        for (int i = 0; i < count; i++) {
            characters[i] = (char) number();
        }
        return new String(characters);
    }

    /** A text that was not null. */
    String text() {
        String text = optionalText();
        if (text == null) {
            throw new IllegalStateException("no text at " + next);
        }
        return text;
    }

    String term(Vocabulary vocabulary) {
        int number = small() - 1;
        return number == Vocabulary.UNKNOWN ? text() : vocabulary.text(number);
    }

    Instant instant(Instant base) {
        return Instant.ofEpochSecond(base.getEpochSecond() + signed(), wide(Integer.BYTES));
    }
}
