package io.tokenbroker.kafka;

import io.tokenbroker.replay.JobBook;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Reads the jobs, committed records only, into the book of this instance, on a thread of its own. */
final class JobsTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JobsTail.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final TopicPartition partition;
    private final JobBook book;
    private final EndOffsets ends;
    private final ViewProgress progress = new ViewProgress();
    private final Thread thread = new Thread(this::run, "replay-jobs-tail");
    private final CountDownLatch closing = new CountDownLatch(1);

    JobsTail(KafkaClients clients, TopicFacts topics, JobBook book, EndOffsets ends) {
        this.properties = new HashMap<>(clients.consumer("replay-jobs-tail"));
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.partition = new TopicPartition(topics.replayJobs().name(), 0);
        this.book = book;
        this.ends = ends;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Completes when everything committed before the question is in the book. */
    Mono<Void> caughtUp() {
        return ends.of(List.of(partition)).flatMap(progress::whenReached);
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                consumer.assign(List.of(partition));
                consumer.seek(partition, progress.position(partition));
                while (closing.getCount() > 0) {
                    consumer.poll(POLL).forEach(record -> JobCodec.enter(record, book));
                    progress.reached(partition, consumer.position(partition));
                }
            } catch (KafkaException e) {
                LOG.warn("the replay jobs cannot be read, trying again cause={}", e.toString());
                pause();
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("reading the replay jobs broke off, beginning again");
                pause();
            }
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
    public void close() {
        closing.countDown();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
