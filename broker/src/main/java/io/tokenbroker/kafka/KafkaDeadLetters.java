package io.tokenbroker.kafka;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.RawRecord;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The dead-letter topic, read when an operator asks. */
final class KafkaDeadLetters implements DeadLetters {

    private final TopicFacts.Topic lifecycle;
    private final Partitioning partitioning;
    private final DeadLetterReader reader;
    private final Appender appender;

    KafkaDeadLetters(TopicFacts topics, DeadLetterReader reader, Appender appender) {
        this.lifecycle = topics.lifecycle();
        this.partitioning = topics.partitioning();
        this.reader = reader;
        this.appender = appender;
    }

    @Override
    public Mono<Page> list(@Nullable Place from, int limit) {
        return Mono.fromCallable(() -> page(from, limit)).subscribeOn(Schedulers.boundedElastic());
    }

    private Page page(@Nullable Place from, int limit) {
        List<Listed> found = reader.read(from == null ? new Place(0, 0) : from, limit + 1);
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), found.get(limit).place());
    }

    @Override
    public Mono<LogPosition> redrive(Place place) {
        return Mono.fromCallable(() -> reader.find(place))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::justOrEmpty)
                .flatMap(record -> Mono.justOrEmpty(again(record)))
                .flatMap(appender::append)
                .map(written -> new LogPosition(lifecycle.id(), written.partition(), written.offset()));
    }

    private Optional<ProducerRecord<byte[], byte[]>> again(ConsumerRecord<byte[], byte[]> letter) {
        return DeadLetterCodec.toOriginal(letter)
                .map(original -> RawRecords.again(lifecycle.name(), partition(letter, original), original));
    }

    /** The user's where one is known, else the key's, else any. */
    private @Nullable Integer partition(ConsumerRecord<byte[], byte[]> letter, RawRecord original) {
        Optional<Integer> users = DeadLetterCodec.toListed(letter)
                .map(Listed::userId)
                .filter(user -> UserId.problemWith(user).isEmpty())
                .map(user -> partitioning.of(new UserId(user)));
        byte[] key = original.key();
        return users.orElse(key == null ? null : partitioning.of(key));
    }
}
