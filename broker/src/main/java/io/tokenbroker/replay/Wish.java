package io.tokenbroker.replay;

import java.time.Instant;

/**
 * What a caller last wanted of a job.
 *
 * @param by the caller
 */
public record Wish(String job, Want want, String by, Instant on) {

    /** What may be wanted. */
    public enum Want {
        RUN,
        PAUSE,
        CANCEL
    }
}
