package io.tokenbroker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.kafka.sender.KafkaSender;
import reactor.kafka.sender.SenderOptions;
import reactor.kafka.sender.SenderRecord;
import reactor.kafka.sender.SenderResult;

/**
 * Appends single records durably, outside any transaction. Bounded: with too many on their way, or with Kafka away for
 * ten seconds, it fails instead of waiting. Thread-safe, and blocks no caller.
 */
final class Appender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_ON_THEIR_WAY = 10_000;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final AtomicReference<KafkaSender<byte[], byte[]>> sender;
    private final AtomicInteger onTheirWay = new AtomicInteger();

    /** A send waits for a topic's metadata, which no event loop may. */
    private final Scheduler sending;

    Appender(KafkaClients clients, String clientId) {
        this.properties = clients.producer(clientId);
        // what comes while a request is under way goes together in the next, and not each in one of its own
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        this.sending = Schedulers.newBoundedElastic(1, 2 * MOST_ON_THEIR_WAY, "kafka-" + clientId, 60, true);
        this.sender = new AtomicReference<>(open());
    }

    private KafkaSender<byte[], byte[]> open() {
        return KafkaSender.create(
                SenderOptions.<byte[], byte[]>create(properties).closeTimeout(CLOSING));
    }

    /** @return where the record lies, once it is durable; else {@link #isAway} tells whether to try again later */
    Mono<RecordMetadata> append(ProducerRecord<byte[], byte[]> record) {
        return Mono.defer(() -> {
            if (onTheirWay.incrementAndGet() > MOST_ON_THEIR_WAY) {
                onTheirWay.decrementAndGet();
                return Mono.error(new TimeoutException(MOST_ON_THEIR_WAY + " records are on their way already"));
            }
            return onOwnThread(record).timeout(PATIENCE).doFinally(end -> onTheirWay.decrementAndGet());
        });
    }

    /** A caller who goes away does not interrupt a send that has begun: that would break the producer for all. */
    private Mono<RecordMetadata> onOwnThread(ProducerRecord<byte[], byte[]> record) {
        return Mono.create(caller -> {
            AtomicBoolean gone = new AtomicBoolean();
            caller.onCancel(() -> gone.set(true));
            sending.schedule(() -> {
                if (!gone.get()) {
                    send(record).subscribe(caller::success, caller::error);
                }
            });
        });
    }

    private Mono<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        KafkaSender<byte[], byte[]> used = sender.get();
        return used.send(Mono.just(SenderRecord.<byte[], byte[], Boolean>create(record, true)))
                .next()
                .map(SenderResult::recordMetadata)
                .doOnError(e -> replaceWhereBroken(used, e));
    }

    /** The sender keeps its producer for ever, one in a state it cannot leave as well. */
    private void replaceWhereBroken(KafkaSender<byte[], byte[]> used, Throwable e) {
        if (isBroken(e) && sender.compareAndSet(used, open())) {
            LOG.warn("producer replaced reason={}", e.toString());
            Schedulers.boundedElastic().schedule(used::close);
        }
    }

    private static boolean isBroken(Throwable e) {
        return !(e instanceof ApiException)
                || e instanceof OutOfOrderSequenceException
                || e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof ClusterAuthorizationException
                || e instanceof UnsupportedVersionException;
    }

    /** Whether the record may be taken later, or was perhaps taken already; otherwise it never will be. */
    static boolean isAway(Throwable e) {
        return !(e instanceof RecordTooLargeException);
    }

    @Override
    public void close() {
        sender.get().close();
        sending.dispose();
    }
}
