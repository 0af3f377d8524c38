package io.tokenbroker.replay;

import java.util.function.Consumer;

/** The log, to be read again. Blocks its caller. */
public interface History {

    /**
     * Hands over the span's records in order, in memory that does not grow with their number.
     *
     * @param acceptGap whether records that retention has deleted meanwhile are done without
     * @throws ReplayRefused where the topic is another one, or records are gone
     * @throws Unavailable where Kafka does not answer; what was handed over is to be forgotten
     */
    void read(String topicId, ScanRange.Span span, boolean acceptGap, Consumer<Recorded> each);

    /** Not now; worth another attempt. */
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
