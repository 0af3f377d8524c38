package io.tokenbroker.local;

/** The stack cannot go on; the message is for whoever started it. */
final class StartFailure extends RuntimeException {
    StartFailure(String message) {
        super(message);
    }

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
