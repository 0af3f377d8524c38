package io.tokenbroker.replay;

import io.tokenbroker.intake.FieldError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Tells what part of the log a caller means. */
public interface LogRanges {

    /** What may be read again. */
    enum Log {
        EVENTS,
        /** What is gone of these is missed by nobody: no gap is ever told. */
        DEAD_LETTERS
    }

    /** Where a range begins or ends. */
    sealed interface Bound {

        /** With the oldest record that is kept. */
        record Earliest() implements Bound {}

        /** With what is written next. */
        record Latest() implements Bound {}

        /** With the first record that was written then or later. */
        record At(Instant time) implements Bound {}

        /**
         * At these places; a partition that is not named is left out.
         *
         * @param topicId the topic they are of, where the caller says
         */
        record Offsets(@Nullable String topicId, Map<Integer, Long> byPartition) implements Bound {
            public Offsets {
                byPartition = Map.copyOf(byPartition);
            }
        }
    }

    /** What is meant. */
    sealed interface Resolution {

        record Resolved(ScanRange range) implements Resolution {}

        /** Retention has deleted records that are asked for. */
        record Gap(List<String> missing) implements Resolution {
            public Gap {
                missing = List.copyOf(missing);
            }
        }

        record Invalid(List<FieldError> errors) implements Resolution {
            public Invalid {
                errors = List.copyOf(errors);
            }
        }
    }

    /** @param acceptGap whether to begin with what is kept where older records are asked for */
    Mono<Resolution> resolve(Log log, Bound from, Bound to, boolean acceptGap);
}
