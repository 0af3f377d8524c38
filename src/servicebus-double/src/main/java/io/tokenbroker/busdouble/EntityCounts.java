package io.tokenbroker.busdouble;

/**
 * What there is and what there was.
 *
 * @param active waiting to be delivered
 * @param locked delivered and not settled
 * @param deadLettered in the dead-letter queue
 * @param completed settled as done so far
 * @param accepted taken from senders so far
 * @param duplicates of them dropped as duplicates
 * @param failures deliveries that failed so far: abandoned, or their lock expired
 * @param renewals of locks so far
 */
public record EntityCounts(
        int active,
        int locked,
        int deadLettered,
        long completed,
        long accepted,
        long duplicates,
        long failures,
        long renewals) {}
