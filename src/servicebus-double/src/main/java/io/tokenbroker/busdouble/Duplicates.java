package io.tokenbroker.busdouble;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The message ids of the last minutes. */
final class Duplicates {

    private final Duration window;
    private final Map<String, Long> seen = new LinkedHashMap<>();

    Duplicates(Duration window) {
        this.window = window;
    }

    /** Whether one of that id came before, within the window; it is remembered from now on. */
    boolean isDuplicate(@Nullable String id, long now) {
        if (id == null || window.isZero()) {
            return false;
        }
        Long before = seen.put(id, now);
        return before != null && before >= now - window.toMillis();
    }
}
