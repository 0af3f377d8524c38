package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the end of {@code token-events} into the ring, for every reader of this instance, on a thread of its own. After
 * whatever goes wrong, and when the topic is made anew or gets more partitions, it begins again with another ring.
 */
final class FeedTail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FeedTail.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(15);

    /** Under load the small commits of this time are told together. */
    private static final Duration BREATH = Duration.ofMillis(3);

    private final Map<String, Object> properties;
    private final String topic;
    private final KafkaOutcomeFeed feed;
    private final Duration lookEvery;
    private final int records;
    private final long room;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean lookNow;
    private volatile long lag;
    private long looked = System.nanoTime();
    private @Nullable CompletableFuture<FeedTopic> look;

    /**
     * @param lookEvery how often it looks whether the topic is still the same
     * @param records how many the ring holds
     * @param room how many bytes these may have in the log
     */
    FeedTail(
            Map<String, Object> consumerProperties,
            String topic,
            KafkaOutcomeFeed feed,
            Duration lookEvery,
            int records,
            long room) {
        this.properties = new HashMap<>(consumerProperties);
        this.properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        this.topic = topic;
        this.feed = feed;
        this.lookEvery = lookEvery;
        this.records = records;
        this.room = room;
        this.thread = new Thread(this::run, "outcome-tail");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Looks whether the topic is still the same, as somebody doubts it. */
    void lookNow() {
        lookNow = true;
    }

    /** How many records it has still to read, as far as it knows. */
    long lag() {
        return lag;
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                follow(consumer);
            } catch (KafkaException e) {
                if (closing.getCount() > 0) {
                    log.atWarn().addKeyValue("cause", e.toString()).log("the outcomes cannot be read, trying again");
                }
                pause(PAUSE);
            } catch (InterruptedException e) {
                log.debug("interrupted, going on");
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("reading the outcomes broke off, beginning again");
                pause(PAUSE);
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
        FeedTopic found = found();
        List<TopicPartition> partitions = IntStream.range(0, found.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long[] start = new long[found.partitions()];
        for (TopicPartition each : partitions) {
            // whoever comes back soon after this instance began is served from memory too
            long newest = ends.getOrDefault(each, 0L) - records / found.partitions();
            start[each.partition()] = Math.max(firsts.getOrDefault(each, 0L), newest);
            consumer.seek(each, start[each.partition()]);
        }
        FeedRing ring = new FeedRing(found, start, records, room);
        boolean known = false;
        while (closing.getCount() > 0 && !isAnother(found)) {
            int taken;
            try {
                taken = take(consumer, partitions, ring);
            } catch (InvalidOffsetException e) {
                log.atInfo().addKeyValue("cause", e.toString()).log("the end of the outcomes moved, beginning again");
                return;
            }
            if (!known
                    && partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                known = true;
                feed.goOnIn(ring);
            }
            if (taken > 0 && known) {
                pause(BREATH);
            }
        }
    }

    private int take(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, FeedRing ring) {
        List<FeedRecord> taken = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            taken.add(new FeedRecord(ring.topic(), record));
        }
        long[] reached = new long[partitions.size()];
        long left = 0;
        for (TopicPartition each : partitions) {
            reached[each.partition()] = consumer.position(each);
            left += consumer.currentLag(each).orElse(0);
        }
        lag = left;
        feed.callAll(ring.append(taken, reached, feed.audience()).stream()
                .map(FeedReader::more)
                .toList());
        return taken.size();
    }

    private FeedTopic found() throws InterruptedException {
        try {
            return feed.extents().describe().get(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the topic " + topic + " cannot be described: " + e, e);
        }
    }

    /** Looks from time to time; offsets alone would not tell a topic made anew. */
    private boolean isAnother(FeedTopic current) {
        CompletableFuture<FeedTopic> running = look;
        if (running == null) {
            if (lookNow || System.nanoTime() - looked > lookEvery.toNanos()) {
                lookNow = false;
                look = feed.extents().describe();
            }
            return false;
        }
        if (!running.isDone()) {
            return false;
        }
        look = null;
        looked = System.nanoTime();
        return !running.isCompletedExceptionally() && !running.join().equals(current);
    }

    private void pause(Duration duration) {
        try {
            if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("closing");
            }
        } catch (InterruptedException e) {
            log.debug("interrupted, going on");
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
