package io.tokenbroker.terminal;

/** The broker cannot be reached, or has refused; the message is for the terminal. */
final class BrokerUnwilling extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokerUnwilling(String message) {
        super(message);
    }
}
