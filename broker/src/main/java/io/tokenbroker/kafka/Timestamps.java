package io.tokenbroker.kafka;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Instants as {@link Instant#toString} writes them, read without the general parser, which a start would call three times a user. */
final class Timestamps {

    /** Of {@code 2026-11-20T09:00:00}, which a fraction may follow, and {@code Z} has to. */
    private static final int WHOLE = 19;

    private static final int MOST_FRACTION_DIGITS = 9;

    private Timestamps() {}

    /** @throws DateTimeException where {@link Instant#parse} would */
    static Instant parse(String text) {
        int end = text.length() - 1;
        if (!isUsual(text, end)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text);
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int nanos = end == WHOLE ? 0 : number(text, WHOLE + 1, end);
        for (int digits = end - WHOLE - 1; end > WHOLE && digits < MOST_FRACTION_DIGITS; digits++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(((day * 24 + hour) * 60 + minute) * 60 + second, nanos);
    }

    private static boolean isUsual(String text, int end) {
        if (end < WHOLE || end == WHOLE + 1 || end > WHOLE + 1 + MOST_FRACTION_DIGITS || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char character = text.charAt(i);
            boolean fits = switch (i) {
                case 4, 7 -> character == '-';
                case 10 -> character == 'T';
                case 13, 16 -> character == ':';
                case WHOLE -> character == '.';
                default -> character >= '0' && character <= '9';
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static int number(String digits, int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            number = 10 * number + digits.charAt(i) - '0';
        }
        return number;
    }
}
