package io.tokenbroker.replay;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.pipeline.DeadLetters.Listed;
import io.tokenbroker.pipeline.RawRecord;
import org.jspecify.annotations.Nullable;

/** A dead letter, read again by the settings of today. */
public record Letter(Listed listed, Content content) {

    /** What is in it. */
    public sealed interface Content {

        /** An event, and the record it came in, bytes untouched. */
        record Event(UserEvent event, RawRecord original) implements Content {}

        /** It would only become a dead letter again. */
        record Unreadable(String why) implements Content {}
    }

    /** The user it speaks of, where that can be told. */
    @Nullable UserId userId() {
        if (content instanceof Content.Event readable) {
            return readable.event().userId();
        }
        String known = listed.userId();
        return known == null || UserId.problemWith(known).isPresent() ? null : new UserId(known);
    }
}
