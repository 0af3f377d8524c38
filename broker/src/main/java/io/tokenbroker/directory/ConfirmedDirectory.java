package io.tokenbroker.directory;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** The directory, known to be as new as the moment of asking, whichever instance wrote last. */
public interface ConfirmedDirectory {

    /**
     * Asks Kafka how far the user's directory partition reaches, waits until the view is there, and answers the entry.
     *
     * @return the entry, empty for a user without one; {@link Unconfirmed} where the view does not get there in time
     */
    Mono<Optional<DirectoryEntry>> confirmed(UserId userId);

    /** The view is restoring, or Kafka could not be asked: nothing may be concluded from it now. */
    final class Unconfirmed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unconfirmed(String message) {
            super(message);
        }
    }
}
