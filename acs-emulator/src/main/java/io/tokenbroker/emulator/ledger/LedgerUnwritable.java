package io.tokenbroker.emulator.ledger;

import org.jspecify.annotations.Nullable;

/** The disk that keeps the ledger is full, or takes nothing for another reason. */
public final class LedgerUnwritable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerUnwritable(@Nullable Throwable cause) {
        super("the ledger cannot be written", cause, false, false);
    }
}
