package io.tokenbroker.pipeline;

import io.tokenbroker.directory.UserId;
import reactor.core.publisher.Mono;

/** The only writer of one input partition and of what belongs to its users; fenced as soon as another one exists. */
public interface PartitionJournal {

    /**
     * Writes all of it or nothing, together with the watermark. An aborted attempt is made again and a commit in doubt
     * is retried for as long as the partition is owned. One at a time.
     *
     * @return completes once it is durable and the views have it; errors with {@link OwnershipLost} when another owner
     *     has fenced this one, and with anything else when the partition must be read anew
     */
    Mono<Void> commit(Transaction transaction);

    /** Whether this user's records belong to the partition. */
    boolean owns(UserId userId);

    /** Lets go of the writer; what is open is aborted. Never errors. */
    Mono<Void> close();

    /** Another instance owns the partition now; nothing of the transaction became durable. */
    final class OwnershipLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public OwnershipLost(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
