package io.tokenbroker.busdouble;

import java.time.Duration;

/**
 * How a queue or subscription behaves.
 *
 * @param lock how long a message or session stays locked without a renewal
 * @param maxDeliveryCount so many failed deliveries put a message into the dead-letter queue
 * @param duplicateDetection how long a message id is remembered; zero for not at all
 * @param sessions whether messages are received session by session, in order
 */
public record EntityOptions(Duration lock, int maxDeliveryCount, Duration duplicateDetection, boolean sessions) {

    /** As a namespace makes them: locked for a minute, ten deliveries, no detection, no sessions. */
    public static final EntityOptions USUAL = new EntityOptions(Duration.ofMinutes(1), 10, Duration.ZERO, false);

    public EntityOptions withLock(Duration duration) {
        return new EntityOptions(duration, maxDeliveryCount, duplicateDetection, sessions);
    }

    public EntityOptions withMaxDeliveryCount(int count) {
        return new EntityOptions(lock, count, duplicateDetection, sessions);
    }

    public EntityOptions withDuplicateDetection() {
        return new EntityOptions(lock, maxDeliveryCount, Duration.ofMinutes(10), sessions);
    }

    public EntityOptions withSessions() {
        return new EntityOptions(lock, maxDeliveryCount, duplicateDetection, true);
    }

    /** For a subscription, where its topic has seen to that. */
    EntityOptions withoutDuplicateDetection() {
        return new EntityOptions(lock, maxDeliveryCount, Duration.ZERO, sessions);
    }

    /** For the dead-letter queue of such an entity: it takes everything, and sessions do not matter there. */
    EntityOptions forDeadLetters() {
        return new EntityOptions(lock, maxDeliveryCount, Duration.ZERO, false);
    }
}
