package io.tokenbroker.directory;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A guid as 16 bytes. Only the canonical text, lower case in groups of 8-4-4-4-12, is one: it comes back as it was. */
record Guid(long high, long low) {

    static final int TEXT_LENGTH = 36;

    private static final int DIGITS_OF_HALF = 16;

    /** The guid that the rest of {@code text} from {@code start} on is, or {@code null} where it is none. */
    static @Nullable Guid parse(String text, int start) {
        if (text.length() - start != TEXT_LENGTH) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char character = text.charAt(start + i);
            if (isDash(i)) {
                if (character != '-') {
                    return null;
                }
                continue;
            }
            int digit = digit(character);
            if (digit < 0) {
                return null;
            }
            // the first sixteen digits move on into the upper half
            high = (high << 4) | (low >>> 60);
            low = (low << 4) | digit;
        }
        return new Guid(high, low);
    }

    private static int digit(char character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
    }

    private static boolean isDash(int place) {
        return place == 8 || place == 13 || place == 18 || place == 23;
    }

    /** Compares this guid's text with another text, both as bytes. */
    int compareText(byte[] utf8) {
        int shared = Math.min(TEXT_LENGTH, utf8.length);
        int digits = 0;
        for (int i = 0; i < shared; i++) {
            int character = isDash(i) ? '-' : character(digits++);
            int difference = character - (utf8[i] & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return TEXT_LENGTH - utf8.length;
    }

    private int character(int digit) {
        long half = digit < DIGITS_OF_HALF ? high : low;
        int value = (int) (half >>> (4 * (DIGITS_OF_HALF - 1 - digit % DIGITS_OF_HALF))) & 0xf;
        return value < 10 ? '0' + value : 'a' + value - 10;
    }

    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
