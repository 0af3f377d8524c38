package io.tokenbroker.intake;

/** Kafka did not take the events in time. They may be in the log nevertheless; sending them again does no harm. */
public final class LogUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
