package io.tokenbroker.pipeline;

import reactor.core.publisher.Mono;

/** A partition of the input log for as long as it is ours. Never blocks its caller. */
public interface OwnedPartition {

    /** Hands over the partition's next record; offsets only rise. Ignored once the partition was given up. */
    void accept(Arrival arrival);

    /** Gives the partition back; completes once nothing more will be committed for it, within the drain timeout. */
    Mono<Void> revoke();

    /** The partition belongs to somebody else already: drops everything. */
    void lose();
}
