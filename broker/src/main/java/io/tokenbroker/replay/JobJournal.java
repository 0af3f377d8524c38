package io.tokenbroker.replay;

import io.tokenbroker.directory.LogPosition;
import java.util.List;

/** What the jobs' one runner writes; fenced as soon as another one exists. Blocks its caller. */
public interface JobJournal {

    /**
     * Saves the job and appends what is asked to the log of events, all of it or nothing.
     *
     * @return where each lies, in the order given
     * @throws TooLarge where Kafka never takes it, being as large as it is
     * @throws NoLongerOwner where nothing can be written any more
     */
    List<LogPosition> commit(Job job, List<Ask> asks);

    /**
     * Saves a job that is over, where it is too large with as little as tells so.
     *
     * @throws NoLongerOwner where nothing can be written any more
     */
    default void end(Job over) {
        try {
            commit(over, List.of());
        } catch (TooLarge e) {
            commit(over.bare(), List.of());
        }
    }

    /**
     * Removes all that is written of the jobs, all of it or nothing.
     *
     * @throws NoLongerOwner where nothing can be written any more
     */
    void forget(List<String> jobs);

    /** A record of the attempt is larger than Kafka takes; nothing of the attempt became durable. */
    final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * This journal is of no use any more: another instance runs the jobs now, or this one does when it has opened another
     * journal. What the attempt was about is durable as a whole or not at all.
     */
    final class NoLongerOwner extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NoLongerOwner(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
