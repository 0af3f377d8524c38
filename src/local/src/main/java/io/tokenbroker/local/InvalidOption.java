package io.tokenbroker.local;

/** An option that is not one, or has a value it cannot have; the message names it, the value and what is allowed. */
final class InvalidOption extends RuntimeException {
    InvalidOption(String message) {
        super(message);
    }

    static InvalidOption value(String option, String value, String allowed) {
        return new InvalidOption(option + ": '" + value + "' is not possible; allowed: " + allowed);
    }
}
