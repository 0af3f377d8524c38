package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.tokenbroker.intake.DecodedEvent;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Reads a topic as a member of a group, hands over what it reads a list at a time, and commits after each. While a list
 * is on its way it goes on polling, without reading, so that it stays a member however long that takes.
 */
final class RelayThread implements OutcomeRelay.Relaying {

    private static final Logger LOG = LoggerFactory.getLogger(RelayThread.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How often it asks what has come meanwhile, and for how long, while a list is on its way. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(8);

    private final Map<String, Object> properties;
    private final String topic;
    private final Function<List<CloudEvent>, Mono<Void>> to;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;
    private volatile long lag;
    private boolean handingOver;

    RelayThread(String name, Map<String, Object> properties, String topic, Function<List<CloudEvent>, Mono<Void>> to) {
        this.properties = properties;
        this.topic = topic;
        this.to = to;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public long lag() {
        return lag;
    }

    private void run() {
        while (isOpen()) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                current = consumer;
                handingOver = false;
                consumer.subscribe(List.of(topic), new Joining(consumer));
                while (isOpen()) {
                    passOn(consumer);
                }
            } catch (WakeupException e) {
                LOG.debug("closing");
            } catch (KafkaException e) {
                LOG.warn("outcomes are not passed on, trying again cause={}", e.toString());
                pause();
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("passing on the outcomes broke off, beginning again");
                pause();
            } finally {
                current = null;
            }
        }
    }

    private void passOn(KafkaConsumer<byte[], byte[]> consumer) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        lag = records.count() + behind(consumer);
        if (records.isEmpty()) {
            return;
        }
        CompletableFuture<?> passed = to.apply(events(records)).toFuture();
        // the one wakeup that awaitWakeup waits for, unless this is closed before
        CompletableFuture<?> end = passed.whenComplete((nothing, fault) -> consumer.wakeup());
        handingOver = true;
        consumer.pause(consumer.assignment());
        awaitWakeup(consumer, records.count());
        handingOver = false;
        if (!passed.isDone()) {
            passed.cancel(true);
            return;
        }
        commit(consumer, end, records.nextOffsets());
        consumer.resume(consumer.paused());
        lag = behind(consumer);
    }

    private static void commit(
            KafkaConsumer<byte[], byte[]> consumer,
            CompletableFuture<?> end,
            Map<TopicPartition, OffsetAndMetadata> next) {
        try {
            end.join();
        } catch (CompletionException | CancellationException e) {
            throw new KafkaException("a list was not passed on", e);
        }
        Map<TopicPartition, OffsetAndMetadata> owned = new HashMap<>(next);
        // whoever has the others now has handed over the same, or will
        owned.keySet().retainAll(consumer.assignment());
        consumer.commitSync(owned);
    }

    private static List<CloudEvent> events(ConsumerRecords<byte[], byte[]> records) {
        List<CloudEvent> events = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (RecordReader.decoded(record)) {
                case DecodedEvent.Decoded(CloudEvent event) -> events.add(event);
                case DecodedEvent.Malformed malformed ->
                    LOG.error(
                            "no event, not passed on partition={} offset={} reason={}",
                            record.partition(),
                            record.offset(),
                            malformed.reading().reason());
            }
        }
        return events;
    }

    private void awaitWakeup(KafkaConsumer<byte[], byte[]> consumer, int onTheirWay) {
        long looked = System.nanoTime();
        while (true) {
            try {
                consumer.poll(POLL);
                if (System.nanoTime() - looked > LOOK_EVERY.toNanos()) {
                    look(consumer, onTheirWay);
                    looked = System.nanoTime();
                }
            } catch (WakeupException e) {
                return;
            }
        }
    }

    /** Asks Kafka, as what is known of the ends is as old as the last fetch, and nothing is fetched now. */
    private void look(KafkaConsumer<byte[], byte[]> consumer, int onTheirWay) {
        try {
            long come = onTheirWay;
            for (Map.Entry<TopicPartition, Long> end :
                    consumer.endOffsets(consumer.assignment(), ANSWER).entrySet()) {
                come += Math.max(0, end.getValue() - consumer.position(end.getKey(), ANSWER));
            }
            lag = come;
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("the lag is not known now: {}", e.toString());
        }
    }

    private long behind(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    private void pause() {
        try {
            if (closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("closing");
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is given to a member while a list is on its way is read afterwards. */
    private final class Joining implements ConsumerRebalanceListener {

        private final KafkaConsumer<byte[], byte[]> consumer;

        Joining(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (handingOver) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // what is on its way is committed only where it is still owned
        }
    }
}
