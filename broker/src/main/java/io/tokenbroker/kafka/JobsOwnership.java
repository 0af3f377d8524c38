package io.tokenbroker.kafka;

import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobDesk;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sees to it that one instance at a time runs the jobs: who owns the one partition of {@code replay-jobs} in a group of
 * its own. Reads nothing by it. First the fence, then the book up to the present, then the desk opens.
 */
final class JobsOwnership implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobsOwnership.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CATCHING_UP = Duration.ofSeconds(20);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final TopicFacts topics;
    private final JobBook book;
    private final JobsTail tail;
    private final JobDesk desk;
    private final Clock clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    private @Nullable ReplayJournal journal;

    JobsOwnership(KafkaClients clients, TopicFacts topics, JobBook book, JobsTail tail, JobDesk desk, Clock clock) {
        this.clients = clients;
        this.topics = topics;
        this.book = book;
        this.tail = tail;
        this.desk = desk;
        this.clock = clock;
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(clients.consumer("replay-jobs"));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, clients.groupId() + "-replay");
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // who joins or leaves takes the jobs from nobody
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return properties;
    }

    @Override
    public void start() {
        Thread started = new Thread(this::run, "replay-ownership");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties())) {
                consumer.subscribe(List.of(topics.replayJobs().name()), new Ownership());
                while (closing.getCount() > 0 && !isSpent()) {
                    consumer.poll(POLL);
                    consumer.pause(consumer.assignment());
                }
            } catch (KafkaException | IllegalStateException e) {
                LOG.warn("the group of the replays is joined anew cause={}", e.toString());
            }
            letGo();
            pause();
        }
    }

    /** Leaving the group then, rather than opening another at once, tells who owns the jobs where somebody else has fenced it. */
    private boolean isSpent() {
        ReplayJournal held = journal;
        return held != null && held.isSpent();
    }

    private void letGo() {
        ReplayJournal held = journal;
        journal = null;
        desk.close();
        if (held != null) {
            held.close();
        }
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
    public void stop() {
        closing.countDown();
        Thread running = thread;
        thread = null;
        if (running != null) {
            try {
                running.join(LONGEST_STOP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private final class Ownership implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            ReplayJournal opened = new ReplayJournal(clients, topics, book, clock);
            journal = opened;
            opened.init();
            tail.caughtUp().block(CATCHING_UP);
            desk.open(opened);
            LOG.info("replays are run here");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                letGo();
            }
        }
    }
}
