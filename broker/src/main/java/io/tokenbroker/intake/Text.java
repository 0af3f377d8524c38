package io.tokenbroker.intake;

/** What the CloudEvents type String allows, within a length that keeps what is remembered of an event small. */
final class Text {

    /** Ids and sources. */
    static final int LONG = 1024;

    /** All else. */
    static final int SHORT = 256;

    private static final int LAST_OF_PLANE = 0xFFFE;

    private Text() {}

    static boolean isValid(String text, int mostCodePoints) {
        if (isPlain(text)) {
            return !text.isEmpty() && text.length() <= mostCodePoints;
        }
        int length = text.codePointCount(0, text.length());
        return length > 0 && length <= mostCodePoints && text.codePoints().noneMatch(Text::isForbidden);
    }

    /** Of printable ASCII alone, as most are: not worth a closer look. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }

    static String allowed(int mostCodePoints) {
        return "1 to " + mostCodePoints + " code points without control characters, noncharacters or lone surrogates";
    }

    /** For an error's value: what cannot be shown is replaced. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHORT)
                .map(codePoint -> isForbidden(codePoint) ? '\uFFFD' : codePoint)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isForbidden(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || (codePoint & LAST_OF_PLANE) == LAST_OF_PLANE
                || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
    }
}
