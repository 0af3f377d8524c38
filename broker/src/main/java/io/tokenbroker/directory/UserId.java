package io.tokenbroker.directory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The application's own id of a user: 1 to 256 code points, none of them a control, format, surrogate or
 * line-separator character. Ids are opaque and compared as UTF-8 bytes; nothing is trimmed or folded.
 */
public record UserId(String value) implements Comparable<UserId> {

    /** The most code points an id may have. */
    public static final int MAX_CODE_POINTS = 256;

    /** What {@link #problemWith} allows, in words for an error's {@code allowed}. */
    public static final String ALLOWED =
            "1 to 256 code points without control, format, surrogate or line-separator characters";

    /** @throws IllegalArgumentException for anything {@link #problemWith} finds fault with */
    public UserId {
        problemWith(value).ifPresent(problem -> {
            throw new IllegalArgumentException("user id " + problem + "; allowed: " + ALLOWED);
        });
    }

    /** Says what is wrong with a candidate, or nothing where it is a valid user id. */
    public static Optional<String> problemWith(String candidate) {
        if (isPlain(candidate)) {
            return Optional.empty();
        }
        int length = candidate.codePointCount(0, candidate.length());
        if (length == 0) {
            return Optional.of("is empty");
        }
        if (length > MAX_CODE_POINTS) {
            return Optional.of("has " + length + " code points");
        }
        return candidate
                .codePoints()
                .filter(UserId::isForbidden)
                .mapToObj("contains U+%04X"::formatted)
                .findFirst();
    }

    /** What most ids are: short and of printable ASCII, which has no forbidden character. Not worth a closer look. */
    private static boolean isPlain(String candidate) {
        int length = candidate.length();
        if (length == 0 || length > MAX_CODE_POINTS) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char character = candidate.charAt(i);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isForbidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** The bytes that key Kafka records and order listings. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(UserId other) {
        return Arrays.compareUnsigned(utf8(), other.utf8());
    }

    @Override
    public String toString() {
        return value;
    }
}
