package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import java.util.List;

/** What the jobs' one runner writes; fenced as soon as another one exists. Blocks its caller. */
public interface JobJournal {

    /**
     * Saves the job and appends what is asked to the log of events, all of it or nothing.
     *
     * @return where each lies, in the order given
     * @throws NoLongerOwner where another instance runs the jobs now
     */
    List<LogPosition> commit(Job job, List<Ask> asks);

    /**
     * Removes all that is written of the jobs, all of it or nothing.
     *
     * @throws NoLongerOwner where another instance runs the jobs now
     */
    void forget(List<String> jobs);

    /** Another instance runs the jobs now; nothing of the attempt became durable. */
    final class NoLongerOwner extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NoLongerOwner(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
