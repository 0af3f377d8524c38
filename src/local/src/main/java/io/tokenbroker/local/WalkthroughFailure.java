package io.tokenbroker.local;

/** A step of the walkthrough did not do what the quickstart says; the message tells which and why. */
final class WalkthroughFailure extends RuntimeException {
    WalkthroughFailure(String message) {
        super(message);
    }

    WalkthroughFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
