package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;

/** What callers sent, made fit for a log line or an error message. */
final class LogSafe {

    private LogSafe() {}

    /** The id between quotes, so that nothing in it can pass for another field or line. */
    static String quoted(UserId userId) {
        return '"' + escaped(userId.value().replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** Whatever does not print, or could forge a line, as {@code \\uXXXX}. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (isPlain(codePoint)) {
                safe.appendCodePoint(codePoint);
            } else {
                safe.append("\\u%04X".formatted(codePoint));
            }
        });
        return safe.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
