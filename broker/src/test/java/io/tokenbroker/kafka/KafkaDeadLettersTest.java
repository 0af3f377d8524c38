package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.DeadLetter;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.DeadLetters.Listed;
import io.tokenbroker.pipeline.DeadLetters.Page;
import io.tokenbroker.pipeline.DeadLetters.Place;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class KafkaDeadLettersTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final TopicFacts topics = TestCluster.prepared();
    private final Appender appender = new Appender(TestCluster.clients(), "redrive");
    private final DeadLetters letters =
            new KafkaDeadLetters(topics, new DeadLetterReader(topics, TestCluster.clients()), appender);

    @AfterEach
    void close() {
        appender.close();
    }

    private static DeadLetter aDeadLetter(String key, @Nullable UserId user, int bytes) {
        RawRecord original = new RawRecord(
                new LogPosition("topic", 3, 42),
                Instant.EPOCH,
                key.getBytes(UTF_8),
                new byte[bytes],
                List.of(new RawRecord.Header("color", "blue".getBytes(UTF_8))));
        return new DeadLetter(original, user, "joiner", "because of " + key, 2);
    }

    private Place write(DeadLetter letter) {
        RecordMetadata written =
                TestCluster.write(DeadLetterCodec.encode(topics.deadLetters().name(), letter));
        return new Place(written.partition(), written.offset());
    }

    private Page list(@Nullable Place from, int limit) {
        Page page = letters.list(from, limit).subscribeOn(Schedulers.parallel()).block(LONG);
        return page == null ? new Page(List.of(), null) : page;
    }

    @Test
    void thereMayBeNone() {
        assertThat(list(null, 10)).isEqualTo(new Page(List.of(), null));
    }

    @Test
    void pagesTogetherHoldEachDeadLetterOnceByPartitionAndOffset() {
        IntStream.range(0, 25).forEach(n -> write(aDeadLetter("user-" + n, null, 10)));
        List<Listed> all = list(null, 100).items();
        assertThat(all).hasSize(25);

        List<Listed> paged = new ArrayList<>();
        Place next = null;
        do {
            Page page = list(next, 10);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(10);
            paged.addAll(page.items());
            next = page.next();
        } while (next != null);

        assertThat(paged).isEqualTo(all);
        assertThat(list(null, 25).next()).isNull();
    }

    @Test
    void aRedrivenRecordIsTheOriginalInThePartitionOfItsUser() {
        UserId alice = new UserId("alice");
        Place place = write(aDeadLetter("not-alice", alice, 10));

        LogPosition now = letters.redrive(place).block(LONG);

        ConsumerRecord<byte[], byte[]> record =
                TestCluster.read(topics.lifecycle()).getFirst();
        assertThat(now).isEqualTo(new LogPosition(topics.lifecycle().id(), record.partition(), record.offset()));
        assertThat(record.partition()).isEqualTo(topics.partitioning().of(alice));
        assertThat(record.key()).isEqualTo("not-alice".getBytes(UTF_8));
        assertThat(record.value()).isEqualTo(new byte[10]);
        assertThat(record.headers())
                .singleElement()
                .satisfies(header -> assertThat(header.key()).isEqualTo("color"));
        assertThat(list(null, 10).items()).hasSize(1);
    }

    @Test
    void aRedrivenRecordWithoutAUserGoesWhereItsKeyBelongs() {
        Place place = write(aDeadLetter("bob", null, 10));

        LogPosition now = letters.redrive(place).block(LONG);

        assertThat(now)
                .isNotNull()
                .extracting(LogPosition::partition)
                .isEqualTo(topics.partitioning().of("bob".getBytes(UTF_8)));
    }

    @Test
    void thereIsNothingToRedriveWhereTheBytesAreNotKeptOrNoDeadLetterLies() {
        Place oversized = write(aDeadLetter("alice", null, 950_000));
        Place foreign = new Place(
                0,
                TestCluster.write(new ProducerRecord<>(topics.deadLetters().name(), 0, new byte[1], new byte[1]))
                        .offset());

        for (Place place :
                List.of(oversized, foreign, new Place(0, 99), new Place(99, 0), new Place(-1, 0), new Place(0, -1))) {
            assertThat(letters.redrive(place).blockOptional(LONG)).isEmpty();
        }
        assertThat(list(null, 10).items())
                .singleElement()
                .satisfies(listed -> assertThat(listed.withBytes()).isFalse());
    }
}
