package io.tokenbroker.pipeline;

import io.tokenbroker.directory.LogPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The dead letters, for operators. */
public interface DeadLetters {

    /** A dead letter's own place: partition and offset of the dead-letter topic. */
    record Place(int partition, long offset) {}

    /**
     * @param origin where the record lay in the input log
     * @param withBytes whether the original bytes are kept; an oversized record has lost them
     */
    record Listed(
            Place place,
            @Nullable String userId,
            @Nullable String eventType,
            String reason,
            int attempts,
            LogPosition origin,
            Instant since,
            boolean withBytes) {}

    /** @param next where the next page begins; {@code null} at the end */
    record Page(List<Listed> items, @Nullable Place next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /** Dead letters by partition and offset, from {@code from} on. */
    Mono<Page> list(@Nullable Place from, int limit);

    /**
     * Appends the original record to the input log again, bytes untouched. The dead letter stays where it is until its
     * retention ends.
     *
     * @return where it lies now; empty where there is no dead letter at that place, or its bytes are not kept
     */
    Mono<LogPosition> redrive(Place place);
}
