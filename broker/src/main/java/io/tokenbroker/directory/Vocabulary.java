package io.tokenbroker.directory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Texts that recur from entry to entry, each kept once and named by a small number. Bounded in number and length, as
 * some are upstream's to choose: what finds no room has no number, and has to be written out. Thread-safe.
 */
final class Vocabulary {

    static final int MOST = 1024;
    static final int LONGEST = 256;

    /** In place of the number of a text that has none. */
    static final int UNKNOWN = -1;

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

    /** Written before its number is known to anybody, so whoever has the number sees the text. */
    private final String[] texts = new String[MOST];

    /** The text's number, from now on if there is room. */
    int numberOf(String text) {
        Integer number = numbers.get(text);
        return number == null ? add(text) : number;
    }

    private synchronized int add(String text) {
        Integer number = numbers.get(text);
        if (number != null) {
            return number;
        }
        int next = numbers.size();
        if (next == MOST || text.length() > LONGEST) {
            return UNKNOWN;
        }
        texts[next] = text;
        numbers.put(text, next);
        return next;
    }

    String text(int number) {
        return texts[number];
    }

    /** The one copy of this text; the text itself where it is not kept. */
    String shared(String text) {
        int number = numberOf(text);
        return number == UNKNOWN ? text : texts[number];
    }
}
