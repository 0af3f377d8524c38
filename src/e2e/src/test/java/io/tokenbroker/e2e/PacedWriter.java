package io.tokenbroker.e2e;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes records at a steady pace, whatever becomes of those who read them. */
final class PacedWriter implements AutoCloseable {
    private static final int TICKS_PER_SECOND = 50;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final Iterator<ProducerRecord<byte[], byte[]>> records;
    private volatile boolean enough;

    /** @param records may go on for ever */
    PacedWriter(KafkaProducer<byte[], byte[]> producer, Stream<ProducerRecord<byte[], byte[]>> records, int perSecond) {
        this.producer = producer;
        this.records = records.iterator();
        int perTick = Math.max(1, perSecond / TICKS_PER_SECOND);
        long nanos = TimeUnit.SECONDS.toNanos(perTick) / perSecond;
        // its failures are in what is awaited
        var unused = clock.scheduleAtFixedRate(() -> write(perTick), 0, nanos, TimeUnit.NANOSECONDS);
    }

    private void write(int count) {
        try {
            for (int i = 0; i < count && !enough && records.hasNext(); i++) {
                var unused = producer.send(records.next(), (where, failure) -> {
                    if (failure != null) {
                        written.completeExceptionally(failure);
                    }
                });
            }
            if (enough || !records.hasNext()) {
                producer.flush();
                written.complete(null);
                clock.shutdown();
            }
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        }
    }

    /** Writes no more; returns when what was written is in Kafka. */
    void stop() {
        enough = true;
        await();
    }

    /** Returns when everything is in Kafka. */
    void await() {
        written.orTimeout(3, TimeUnit.MINUTES).join();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close();
    }
}
