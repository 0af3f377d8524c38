package io.tokenbroker.traces;

import org.jspecify.annotations.Nullable;

/**
 * Where the edges tell what they do for an event. The thread from one to the next is the event's own
 * {@code traceparent}, so that what is between the edges need not know of traces.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 * @see <a href="https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/distributed-tracing.md">CloudEvents,
 *     Distributed Tracing</a>
 */
public interface Traces {

    /** Nobody follows. Whoever asks {@link #areOn} first spends nothing. */
    Traces OFF = new Traces() {
        @Override
        public boolean areOn() {
            return false;
        }

        @Override
        public Span begin(Kind kind, String name, @Nullable String traceparent) {
            return new Unseen(traceparent);
        }
    };

    /** The part the broker has in what a span is of. */
    enum Kind {
        CONSUMER,
        CLIENT,
        PRODUCER
    }

    /** Something that takes its time. */
    interface Span {

        /** What comes of it is to be given this; {@code null} where nothing is known to give on. */
        @Nullable String traceparent();

        /** Never a user id, a token or a key. */
        Span note(String name, String value);

        void end();

        /** @param reason a word or two, of those the logs and metrics know */
        void fail(String reason);
    }

    /** Whether anybody follows. */
    boolean areOn();

    /**
     * Begins a span.
     *
     * @param traceparent of what led to it; a new trace begins where that is {@code null} or cannot be read
     */
    Span begin(Kind kind, String name, @Nullable String traceparent);

    /** What nobody sees, and gives on what it was given. */
    record Unseen(@Nullable String traceparent) implements Span {

        @Override
        public Span note(String name, String value) {
            return this;
        }

        @Override
        public void end() {
            // nobody was told of its beginning
        }

        @Override
        public void fail(String reason) {
            // likewise
        }
    }
}
