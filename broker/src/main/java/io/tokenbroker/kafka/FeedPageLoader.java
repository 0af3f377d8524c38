package io.tokenbroker.kafka;

import io.tokenbroker.kafka.FeedPage.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the pages that are asked for, with one consumer for everybody, open while there is something to load. */
final class FeedPageLoader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FeedPageLoader.class);
    private static final int RECORDS = 200;
    private static final int BYTES = 128 * 1024;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final String topic;
    private final FeedPages pages;
    private final Consumer<List<Runnable>> runner;
    private final Thread thread;

    FeedPageLoader(
            Map<String, Object> consumerProperties, String topic, FeedPages pages, Consumer<List<Runnable>> runner) {
        this.properties = new HashMap<>(consumerProperties);
        this.properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS);
        this.properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, BYTES);
        this.properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, BYTES);
        this.topic = topic;
        this.pages = pages;
        this.runner = runner;
        this.thread = new Thread(this::run, "outcome-pages");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!pages.isClosed()) {
            try {
                if (pages.next(IDLE.toMillis()) != null) {
                    loadAll();
                }
            } catch (KafkaException e) {
                log.atWarn().addKeyValue("cause", e.toString()).log("outcomes cannot be read again, trying again");
                pause();
            } catch (InterruptedException e) {
                log.debug("interrupted, going on");
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("outcomes could not be read again, going on");
                pause();
            }
        }
    }

    private void loadAll() throws InterruptedException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            Place place = pages.next(IDLE.toMillis());
            while (place != null) {
                FeedPage page = load(consumer, place);
                if (page == null) {
                    pages.putOff(place);
                } else {
                    runner.accept(pages.loaded(page));
                }
                place = pages.next(IDLE.toMillis());
            }
        }
    }

    /** {@code null} where it could not be had in time. */
    private @Nullable FeedPage load(KafkaConsumer<byte[], byte[]> consumer, Place place) {
        TopicPartition partition = new TopicPartition(topic, place.partition());
        if (!consumer.assignment().equals(Set.of(partition))) {
            consumer.assign(Set.of(partition));
            consumer.seek(partition, place.offset());
        } else if (consumer.position(partition) != place.offset()) {
            consumer.seek(partition, place.offset());
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (System.nanoTime() < until && !pages.isClosed()) {
                List<FeedRecord> records = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records.add(new FeedRecord(place.topic(), record));
                }
                long next = consumer.position(partition);
                if (next > place.offset()) {
                    return new FeedPage(place, List.copyOf(records), next, false);
                }
            }
            return null;
        } catch (InvalidOffsetException e) {
            consumer.assign(Set.of());
            return new FeedPage(place, List.of(), place.offset(), true);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            log.debug("interrupted, going on");
        }
    }

    @Override
    public void close() {
        pages.close();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
