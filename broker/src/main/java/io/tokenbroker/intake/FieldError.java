package io.tokenbroker.intake;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with an event or a request.
 *
 * @param field where, as a CloudEvents attribute name or a JSON Pointer
 * @param value what was found, cut short; {@code null} where it is missing or may be secret
 * @param allowed what would have been right
 */
public record FieldError(String field, @Nullable String value, String allowed) {

    private static final int SHOWN = 80;

    public FieldError {
        if (value != null && value.codePointCount(0, value.length()) > SHOWN) {
            value = value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "…";
        }
    }

    @Override
    public String toString() {
        return field + (value == null ? " is missing or unreadable" : " is '" + value + "'") + "; allowed: " + allowed;
    }
}
