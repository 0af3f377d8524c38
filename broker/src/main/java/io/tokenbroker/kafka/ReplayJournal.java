package io.tokenbroker.kafka;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.replay.Ask;
import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobJournal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs' transactional producer. There is one {@code transactional.id} for all instances, so initialising it fences
 * whoever ran the jobs before and ends their open transaction. A job and what it asks for are one transaction.
 */
final class ReplayJournal implements JobJournal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayJournal.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    /** Each takes as long as the producer waits for an answer, five seconds where the settings do not say otherwise. */
    private static final int ATTEMPTS_TO_ABORT = 12;

    private final TopicFacts topics;
    private final JobBook book;
    private final Clock clock;
    private final Producer<byte[], byte[]> producer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean spent;

    ReplayJournal(KafkaClients clients, TopicFacts topics, JobBook book, Clock clock) {
        this(new KafkaProducer<>(properties(clients)), topics, book, clock);
    }

    /** @param producer to be closed with this */
    ReplayJournal(Producer<byte[], byte[]> producer, TopicFacts topics, JobBook book, Clock clock) {
        this.topics = topics;
        this.book = book;
        this.clock = clock;
        this.producer = producer;
    }

    private static Map<String, Object> properties(KafkaClients clients) {
        Map<String, Object> properties = clients.producer("replay");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, clients.groupId() + "-replay");
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        return properties;
    }

    /** Fences the former runner; from its return on nothing of theirs can become durable. */
    void init() {
        producer.initTransactions();
    }

    /** Whether its producer will never write again; who still owns the jobs opens another. */
    boolean isSpent() {
        return spent;
    }

    @Override
    public synchronized List<LogPosition> commit(Job job, List<Ask> asks) {
        List<RecordMetadata> written = write(records(job, asks));
        book.saved(job, written.getFirst().offset());
        return written.stream().skip(1).map(this::position).toList();
    }

    @Override
    public synchronized void forget(List<String> jobs) {
        String topic = topics.replayJobs().name();
        List<RecordMetadata> unused = write(jobs.stream()
                .flatMap(job -> JobCodec.tombstones(topic, job).stream())
                .toList());
    }

    private List<RecordMetadata> write(List<ProducerRecord<byte[], byte[]>> records) {
        while (true) {
            try {
                return attempt(records).stream().map(ReplayJournal::written).toList();
            } catch (ApplicationRecoverableException | IllegalStateException e) {
                throw spent("the producer of the replays was fenced, or is broken", e);
            } catch (KafkaException e) {
                abort(e);
                requireThatItWasNotTooLarge(e);
            }
            pause();
        }
    }

    /** What is too large now will be next time, and everything else would wait behind it. */
    private static void requireThatItWasNotTooLarge(KafkaException reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                throw new TooLarge(
                        "a record of the job is larger than its topic takes; allowed: a shorter filter, or a larger"
                                + " max.message.bytes",
                        reason);
            }
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(Job job, List<Ask> asks) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(asks.size() + 1);
        records.add(JobCodec.encode(topics.replayJobs().name(), job));
        asks.forEach(ask -> records.add(record(job, ask)));
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(Job job, Ask ask) {
        return switch (ask) {
            case Ask.Reconcile reconcile ->
                ReconcileCodec.encode(
                        topics.lifecycle(), topics.partitioning(), reconcile.request(), job.request(), clock.instant());
            case Ask.Again again ->
                RawRecords.again(
                        topics.lifecycle().name(), topics.partitioning().of(again.userId()), again.original());
        };
    }

    private List<Future<RecordMetadata>> attempt(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        records.forEach(record -> sent.add(producer.send(record)));
        commitWithoutDoubt();
        return sent;
    }

    /** Once asked for, a commit may have happened whatever is heard of it, so it is only ever asked for again. */
    private void commitWithoutDoubt() {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException | InterruptException e) {
                if (closing.getCount() == 0) {
                    throw new NoLongerOwner("the last commit is in doubt", e);
                }
                LOG.warn("still waiting for a commit of the replays");
            }
        }
    }

    private void abort(KafkaException reason) {
        LOG.warn("transaction of the replays aborted, to be sent again cause={}", reason.toString());
        for (int attempt = 1; !aborted(attempt); attempt++) {
            pause();
        }
    }

    /** Where Kafka is away for a while only, that is no reason to begin everything anew. */
    private boolean aborted(int attempt) {
        try {
            producer.abortTransaction();
            return true;
        } catch (TimeoutException e) {
            if (attempt == ATTEMPTS_TO_ABORT) {
                throw spent("Kafka did not answer for long", e);
            }
            return false;
        } catch (KafkaException | IllegalStateException e) {
            throw spent("the producer of the replays is of no use any more", e);
        }
    }

    private NoLongerOwner spent(String why, RuntimeException cause) {
        spent = true;
        return new NoLongerOwner(why, cause);
    }

    private void pause() {
        try {
            if (closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new NoLongerOwner("given up", new InterruptException("closing"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoLongerOwner("interrupted", e);
        }
    }

    /** After a commit every send has ended. */
    private static RecordMetadata written(Future<RecordMetadata> sent) {
        return sent.resultNow();
    }

    private LogPosition position(RecordMetadata written) {
        return new LogPosition(topics.lifecycle().id(), written.partition(), written.offset());
    }

    /** What is open is aborted, by the next owner or by its timeout. */
    @Override
    public void close() {
        closing.countDown();
        producer.close(Duration.ZERO);
    }
}
