package io.tokenbroker.replay;

import io.tokenbroker.pipeline.DeadLetters.Listed;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters a redrive is about, besides whose.
 *
 * @param reason a part of why they are there; {@code null} for any
 * @param type the CloudEvents type; {@code null} for any, and for those whose type could not be read
 */
public record LetterFilter(
        @Nullable String reason, @Nullable String type) {

    /** Leaves none out. */
    public static final LetterFilter ALL = new LetterFilter(null, null);

    boolean matches(Listed letter) {
        return (reason == null || letter.reason().contains(reason))
                && (type == null || type.equals(letter.eventType()));
    }
}
