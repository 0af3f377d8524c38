package io.tokenbroker.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * What upstream does while faults happen: users come, are suspended and resumed, sign out everywhere, go and come back,
 * at a steady pace. Some of it is written by clients that partition as librdkafka does, or without a key. One user never
 * rests.
 */
final class FaultLoad implements AutoCloseable {
    static final String HOT = "hot";

    private static final String[] HOT_EVENTS = {
        UserEvent.CREATED, UserEvent.SUSPENDED, UserEvent.RESUMED, UserEvent.SESSIONS_REVOKED, UserEvent.DELETED
    };

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final KafkaProducer<byte[], byte[]> java;
    private final KafkaProducer<byte[], byte[]> librdkafka;
    private final Random random;
    private final List<String> active = new ArrayList<>();
    private final List<String> suspended = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private int users;

    FaultLoad(Stack stack, Random random, int perSecond) {
        this.random = random;
        // no fault lasts as long
        Map<String, Object> patient = Map.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000);
        java = stack.producer(patient);
        librdkafka = stack.producer(Map.of(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                300_000,
                ProducerConfig.PARTITIONER_CLASS_CONFIG,
                Crc32Partitioner.class.getName()));
        long nanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        // its failures are in what is awaited
        var unused = clock.scheduleAtFixedRate(this::write, 0, nanos, TimeUnit.NANOSECONDS);
    }

    private void write() {
        try {
            switch (random.nextInt(22)) {
                case 0, 1, 2 -> move(active, gone, UserEvent.DELETED);
                case 3, 4 -> move(active, suspended, UserEvent.SUSPENDED);
                case 5 -> move(suspended, active, UserEvent.RESUMED);
                case 6 -> move(suspended, gone, UserEvent.DELETED);
                // the one event that does something each time it is applied
                case 7, 8, 9 -> move(active, active, UserEvent.SESSIONS_REVOKED);
                case 10 -> move(gone, active, UserEvent.CREATED);
                case 11, 12, 13 -> send(java, UserEvent.of(HOT_EVENTS[random.nextInt(HOT_EVENTS.length)], HOT), HOT);
                case 14 -> send(java, UserEvent.created("keyless-" + users++), null);
                default -> {
                    String user = "user-" + users++;
                    active.add(user);
                    send(UserEvent.created(user));
                }
            }
        } catch (RuntimeException e) {
            failure.completeExceptionally(e);
            throw e;
        }
    }

    private void move(List<String> from, List<String> to, String type) {
        if (!from.isEmpty()) {
            String user = from.remove(random.nextInt(from.size()));
            to.add(user);
            send(UserEvent.of(type, user));
        }
    }

    /** Each user is some one client's, as events of one user through two clients are in no order. */
    private void send(UserEvent event) {
        send(event.userId().hashCode() % 4 == 0 ? librdkafka : java, event, event.userId());
    }

    private void send(KafkaProducer<byte[], byte[]> client, UserEvent event, @Nullable String key) {
        var unused = client.send(event.binary(key), (where, problem) -> {
            if (problem != null) {
                failure.completeExceptionally(problem);
            }
        });
    }

    /** Writes no more; returns when what was written is in Kafka, and fails where it is not. */
    void stop() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a write takes for ever");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        java.flush();
        librdkafka.flush();
        failure.complete(null);
        failure.join();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        java.close();
        librdkafka.close();
    }
}
