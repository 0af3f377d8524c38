package io.tokenbroker.intake;

/** The log will never take the event: with its attributes it is larger than a record may be. */
public final class EventTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EventTooLarge(String message, Throwable cause) {
        super(message, cause);
    }
}
