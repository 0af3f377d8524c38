package io.tokenbroker.kafka;

import io.tokenbroker.intake.Reading;
import io.tokenbroker.pipeline.RawRecord;
import io.tokenbroker.replay.Letter;
import io.tokenbroker.replay.Letter.Content;
import io.tokenbroker.replay.Letters;
import io.tokenbroker.replay.ScanRange.Span;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The dead-letter topic read again; records that the broker did not write are left out. */
final class KafkaLetters implements Letters {

    private static final Content WITHOUT_BYTES = new Content.Unreadable("its bytes were not kept");
    private static final Content FOREIGN = new Content.Unreadable("its type is neither ours nor aliased");

    private final RecordReader reader;
    private final SpanReader spans;
    private final Clock clock;

    KafkaLetters(TopicFacts topics, RecordReader reader, KafkaClients clients, Admin admin, Clock clock) {
        this.reader = reader;
        this.spans = new SpanReader(topics.deadLetters(), clients, admin);
        this.clock = clock;
    }

    @Override
    public void read(String topicId, Span span, Consumer<Letter> each) {
        spans.read(topicId, span, true, this::letter, letter -> letter.ifPresent(each));
    }

    private Optional<Letter> letter(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetterCodec.toListed(record)
                .map(listed -> new Letter(
                        listed,
                        DeadLetterCodec.toOriginal(record).map(this::content).orElse(WITHOUT_BYTES)));
    }

    /** As it would be read if it were appended now. */
    private Content content(RawRecord original) {
        ConsumerRecord<byte[], byte[]> now =
                RawRecords.received(original, clock.instant().toEpochMilli());
        return switch (reader.read(now)) {
            case Reading.Valid valid -> new Content.Event(valid.event(), original);
            case Reading.Foreign foreign -> FOREIGN;
            case Reading.Invalid invalid -> new Content.Unreadable(invalid.reason());
        };
    }
}
