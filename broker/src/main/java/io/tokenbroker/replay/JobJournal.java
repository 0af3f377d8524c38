package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.events.ReconcileRequested;
import java.util.List;

/** What the jobs' one runner writes; fenced as soon as another one exists. Blocks its caller. */
public interface JobJournal {

    /**
     * Saves the job and appends the requests to the log of events, all of it or nothing.
     *
     * @return where each request lies, in the order given
     * @throws NoLongerOwner where another instance runs the jobs now
     */
    List<LogPosition> commit(Job job, List<ReconcileRequested> requests);

    /** Another instance runs the jobs now; nothing of the attempt became durable. */
    final class NoLongerOwner extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NoLongerOwner(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
