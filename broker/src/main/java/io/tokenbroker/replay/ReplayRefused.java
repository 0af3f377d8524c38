package io.tokenbroker.replay;

/** The job cannot go on, and trying again will not help. The message is for who started it. */
public final class ReplayRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ReplayRefused(String message) {
        super(message, null, false, false);
    }
}
