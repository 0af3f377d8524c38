package io.tokenbroker.replay;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.ReconcileRequested;
import io.tokenbroker.pipeline.DeadLetters.Place;
import io.tokenbroker.pipeline.RawRecord;

/** What a job appends to the log of events, for one user. */
public sealed interface Ask {

    UserId userId();

    /** About how many bytes it takes. */
    int size();

    /** The user shall be so. */
    record Reconcile(ReconcileRequested request) implements Ask {

        private static final int ABOUT = 1_000;

        @Override
        public UserId userId() {
            return new UserId(request.userId());
        }

        @Override
        public int size() {
            return ABOUT;
        }
    }

    /** A record that became a dead letter, once more. */
    record Again(Place letter, UserId userId, RawRecord original) implements Ask {

        @Override
        public int size() {
            return original.size();
        }
    }
}
