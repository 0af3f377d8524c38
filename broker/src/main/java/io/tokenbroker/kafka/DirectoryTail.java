package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the directory and the intents, committed records only, into their views, and says how far it has come. A plain
 * consumer on a thread of its own: a position counts only once the records before it are in the view, and it has to be
 * read on the thread that polls.
 */
final class DirectoryTail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DirectoryTail.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    /** Under load many small commits are read together; nobody waits for longer than this for one of them. */
    private static final Duration BREATH = Duration.ofMillis(3);

    /** Fewer records than this in one poll are what is being written now; more are a backlog, to be read at once. */
    private static final int BACKLOG = 500;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Map<String, Object> properties;
    private final TopicFacts topics;
    private final List<TopicPartition> partitions;
    private final DirectoryView directory;
    private final CreateIntents intents;
    private final ViewProgress progress;
    private final UnreadableEntries unreadable = new UnreadableEntries();

    /** Whether the last record was in the view already; the next one will mostly be as the last one was. */
    private boolean lastWasKnown;

    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    DirectoryTail(
            Map<String, Object> consumerProperties,
            TopicFacts topics,
            DirectoryView directory,
            CreateIntents intents,
            ViewProgress progress) {
        this.properties = new HashMap<>(consumerProperties);
        this.properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        this.properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
        this.topics = topics;
        this.partitions = ViewProgress.partitions(topics);
        this.directory = directory;
        this.intents = intents;
        this.progress = progress;
        this.thread = new Thread(this::run, "directory-tail");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Why this partition's users may not be touched: an entry of theirs is not for this broker to read. */
    Optional<String> unreadableIn(int partition) {
        return unreadable.in(partition);
    }

    private void run() {
        while (closing.getCount() > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
                follow(consumer);
            } catch (KafkaException e) {
                log.atWarn().addKeyValue("cause", e.toString()).log("the directory cannot be read, trying again");
                pause(PAUSE);
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("reading the directory broke off, beginning again");
                pause(PAUSE);
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, progress.position(partition));
        }
        while (closing.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (records.count() < BACKLOG) {
                records.forEach(this::applyUnlessKnown);
            } else {
                // at a start nearly all time goes into the decoding
                List<ConsumerRecord<byte[], byte[]>> backlog = new ArrayList<>(records.count());
                records.forEach(backlog::add);
                backlog.parallelStream().map(this::taken).toList().forEach(this::apply);
            }
            for (TopicPartition partition : partitions) {
                progress.reached(partition, consumer.position(partition));
            }
            if (!records.isEmpty() && records.count() < BACKLOG) {
                pause(BREATH);
            }
        }
    }

    /** A record taken apart; {@code entry} is {@code null} for an intent and for a tombstone. */
    private record Taken(
            ConsumerRecord<byte[], byte[]> record,
            Optional<UserId> userId,
            @Nullable Decoded entry) {}

    private Taken taken(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return new Taken(
                record, userId(record), value == null || !isOfDirectory(record) ? null : EntryCodec.decode(value));
    }

    private boolean isOfDirectory(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(topics.directory().name());
    }

    /** Asking first saves the decoding of own commits, and would double the search for each user at a restore. */
    private void applyUnlessKnown(ConsumerRecord<byte[], byte[]> record) {
        boolean known = lastWasKnown
                && isOfDirectory(record)
                && userId(record)
                        .filter(userId -> directory.knows(userId, record.offset()))
                        .isPresent();
        if (!known) {
            apply(taken(record));
        }
    }

    private void apply(Taken taken) {
        ConsumerRecord<byte[], byte[]> record = taken.record();
        if (taken.userId().isEmpty()) {
            log.warn(
                    "a record of {}-{} at {} has no user id for a key",
                    record.topic(),
                    record.partition(),
                    record.offset());
            return;
        }
        UserId userId = taken.userId().get();
        if (!isOfDirectory(record)) {
            applyIntent(userId, record);
            return;
        }
        switch (taken.entry()) {
            case null -> apply(userId, record, null);
            case Decoded.Entry(DirectoryEntry entry)
            when !entry.userId().equals(userId) -> refuse(userId, record, "is of another user than its key");
            case Decoded.Entry(DirectoryEntry entry) -> apply(userId, record, entry);
            case Decoded.FromTheFuture future ->
                refuse(
                        userId,
                        record,
                        "was written by a newer broker in format " + future.format() + ", this one knows "
                                + EntryCodec.FORMAT);
            case Decoded.Unreadable wrong -> refuse(userId, record, wrong.why());
        }
    }

    private void apply(UserId userId, ConsumerRecord<byte[], byte[]> record, @Nullable DirectoryEntry entry) {
        lastWasKnown = !directory.apply(userId, record.offset(), entry);
        unreadable.replaced(record.partition(), userId);
    }

    private void applyIntent(UserId userId, ConsumerRecord<byte[], byte[]> record) {
        if (!intents.knows(userId, record.offset())) {
            byte[] value = record.value();
            intents.apply(
                    userId,
                    record.offset(),
                    value == null ? null : IntentCodec.decode(value).orElse(null));
        }
    }

    private void refuse(UserId userId, ConsumerRecord<byte[], byte[]> record, String why) {
        String reason = "the entry at " + record.topic() + "-" + record.partition() + "@" + record.offset() + " " + why;
        if (unreadable.found(record.partition(), userId, reason)) {
            log.error("{}; its partition is left alone", reason);
        }
    }

    private static Optional<UserId> userId(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return Optional.empty();
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return UserId.problemWith(key).isPresent() ? Optional.empty() : Optional.of(new UserId(key));
    }

    private void pause(Duration duration) {
        try {
            if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("closing");
            }
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Returns when nothing more will come into the views, which takes no longer than a poll. */
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
