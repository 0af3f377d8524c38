package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.pipeline.DeadLetter;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.RawRecord;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterCodecTest {

    private static final LogPosition ORIGIN = new LogPosition("topic", 3, 42);

    private final Arbitrary any = Arbitrary.seeded();

    @Test
    void theOriginalComesBackByteForByteEvenWithHeadersNamedLikeOurs() {
        for (int i = 0; i < 2_000; i++) {
            DeadLetter letter = any.deadLetter();

            RawRecord original = DeadLetterCodec.toOriginal(written(letter)).orElseThrow();

            assertThat(original).usingRecursiveComparison().isEqualTo(letter.record());
        }
    }

    @Test
    void aDeadLetterIsListedWithItsOriginReasonAndAttempts() {
        for (int i = 0; i < 2_000; i++) {
            DeadLetter letter = any.deadLetter();

            DeadLetters.Listed listed =
                    DeadLetterCodec.toListed(written(letter)).orElseThrow();

            UserId user = letter.userId();
            assertThat(listed)
                    .isEqualTo(new DeadLetters.Listed(
                            new DeadLetters.Place(1, 7),
                            user == null ? null : user.value(),
                            letter.eventType(),
                            letter.reason(),
                            letter.attempts(),
                            letter.record().position(),
                            Instant.ofEpochMilli(Records.WRITTEN_AT),
                            true));
        }
    }

    @Test
    void anOversizedRecordKeepsItsOriginAndReasonOnly() {
        RawRecord large = new RawRecord(
                ORIGIN,
                Instant.EPOCH,
                new byte[600_000],
                new byte[400_000],
                List.of(new RawRecord.Header("x", new byte[9])));

        var written = written(new DeadLetter(large, new UserId("alice"), "joiner", "too much", 2));

        assertThat(written.value()).isNull();
        assertThat(written.key()).isEqualTo(new UserId("alice").utf8());
        assertThat(written.headers().lastHeader("x")).isNull();
        assertThat(DeadLetterCodec.toListed(written)).hasValueSatisfying(listed -> {
            assertThat(listed.origin()).isEqualTo(ORIGIN);
            assertThat(listed.reason()).isEqualTo("too much");
            assertThat(listed.withBytes()).isFalse();
        });
        assertThat(DeadLetterCodec.toOriginal(written)).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // does not see that the compiled record's arrays may be null
    void aReasonLongerThanAnybodyReadsIsCutAndSoNeverOversizesTheRecord() {
        RawRecord small = new RawRecord(ORIGIN, Instant.EPOCH, null, null, List.of());

        var written = written(new DeadLetter(small, null, "t".repeat(2_000_000), "r".repeat(2_000_000), 0));

        assertThat(DeadLetterCodec.toListed(written)).hasValueSatisfying(listed -> {
            assertThat(listed.reason()).hasSize(4097).endsWith("…");
            assertThat(listed.withBytes()).isTrue();
        });
    }

    @Test
    void aRecordSomebodyElseWroteIsNoDeadLetter() {
        for (int i = 0; i < 500; i++) {
            var foreign = Records.received(new ProducerRecord<>("dead", any.bytes(9), any.bytes(9)), 0, i);

            assertThat(DeadLetterCodec.toListed(foreign)).isEmpty();
            assertThat(DeadLetterCodec.toOriginal(foreign)).isEmpty();
        }
    }

    private static ConsumerRecord<byte[], byte[]> written(DeadLetter letter) {
        return Records.received(DeadLetterCodec.encode("dead", letter), 1, 7);
    }
}
