package io.tokenbroker.replay;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What part of the log is read, captured once, so that a job reads the same however often it begins anew.
 *
 * @param topicId of the {@code user-lifecycle} topic, which tells it from one made anew under the same name
 */
public record ScanRange(String topicId, List<Span> spans) {

    /** The records of one partition from {@code from} on and before {@code to}. */
    public record Span(int partition, long from, long to) {

        public Span {
            if (partition < 0 || from < 0 || to < from) {
                throw new IllegalArgumentException("not a span: " + from + " to " + to + " of " + partition);
            }
        }

        long length() {
            return to - from;
        }
    }

    public ScanRange {
        spans = spans.stream().sorted(Comparator.comparingInt(Span::partition)).toList();
    }

    /** How many offsets it covers; as many records or fewer. */
    public long length() {
        return spans.stream().mapToLong(Span::length).sum();
    }

    /** The part of that partition, where it has one. */
    Optional<Span> of(int partition) {
        return spans.stream().filter(span -> span.partition() == partition).findFirst();
    }
}
