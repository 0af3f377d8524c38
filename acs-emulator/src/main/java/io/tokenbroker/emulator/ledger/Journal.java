package io.tokenbroker.emulator.ledger;

import java.util.UUID;
import reactor.core.publisher.Mono;

/** Where the ledger writes down what happens, so that it can be told again after a restart. */
interface Journal extends AutoCloseable {
    /** What can happen to an identity, with the letter it is written as. */
    enum Change {
        CREATED('C'),
        TOKEN_ISSUED('T'),
        TOKENS_REVOKED('R'),
        DELETED('D');

        private final char letter;

        Change(char letter) {
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    /**
     * Completes when a kill of this process can no longer lose the change, or fails with {@link LedgerUnwritable}. Changes
     * keep the order of these calls.
     */
    Mono<Void> write(Change change, UUID user, long epochMillis);

    /** Whether the last change could be written. While it is not, nothing should happen that wants to be written. */
    boolean isWritable();

    @Override
    void close();

    /** Forgets. */
    static Journal none() {
        return new Journal() {
            @Override
            public Mono<Void> write(Change change, UUID user, long epochMillis) {
                return Mono.empty();
            }

            @Override
            public boolean isWritable() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
