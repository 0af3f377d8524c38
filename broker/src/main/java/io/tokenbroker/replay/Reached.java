package io.tokenbroker.replay;

import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.pipeline.DeadLetters.Place;
import java.util.Map;

/**
 * How far a redrive has come. Saved in the transaction that appends, so whoever goes on with the job appends nothing
 * twice and leaves nothing out.
 *
 * @param last the last dead letter that was appended
 * @param letters those up to it, by what became of them
 */
public record Reached(Place last, Map<ReplayOutcome, Long> letters) {

    public Reached {
        letters = Map.copyOf(letters);
    }

    boolean isPast(Place place) {
        return place.partition() < last.partition()
                || (place.partition() == last.partition() && place.offset() <= last.offset());
    }

    long of(ReplayOutcome outcome) {
        return letters.getOrDefault(outcome, 0L);
    }
}
