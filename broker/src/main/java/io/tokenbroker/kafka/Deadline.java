package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;

/** How long the start may wait for Kafka. Blocks. */
final class Deadline {

    private static final long LOOK_AGAIN_MILLIS = 200;

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    boolean isPassed() {
        return System.nanoTime() > atNanos;
    }

    /** @throws KafkaException what the future failed with; a {@link TimeoutException} at the deadline */
    <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(Math.max(1, atNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer in time", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Before looking again. */
    void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ClusterUnfit interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ClusterUnfit("interrupted while waiting for Kafka", e);
    }
}
