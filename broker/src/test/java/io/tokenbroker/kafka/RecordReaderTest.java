package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

    private static final String STRUCTURED = "application/cloudevents+json; charset=UTF-8";

    private final Arbitrary any = Arbitrary.seeded();
    private final RecordReader reader = new RecordReader(new Intake(List.of()));

    private static ProducerRecord<byte[], byte[]> aDeletion() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", "key".getBytes(UTF_8), null);
        record.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", "e1".getBytes(UTF_8))
                .add("ce_source", "/hr".getBytes(UTF_8))
                .add("ce_type", UserDeleted.TYPE.getBytes(UTF_8));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> structured(String json) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("t", json.getBytes(UTF_8));
        record.headers().add("content-type", STRUCTURED.getBytes(UTF_8));
        return record;
    }

    private Received read(ProducerRecord<byte[], byte[]> record) {
        return reader.read(Records.received(record, 2, 7), "id");
    }

    private String reason(ProducerRecord<byte[], byte[]> record) {
        Received received = read(record);
        assertThat(received.reading()).isInstanceOf(Reading.Invalid.class);
        return received.reading() instanceof Reading.Invalid invalid ? invalid.reason() : "";
    }

    @Test
    void aBinaryEventIsReadWithTheRecordsKeyAndTimeWhereItHasNone() {
        Received received = read(aDeletion());

        assertThat(received.eventType()).isEqualTo(UserDeleted.TYPE);
        assertThat(received.raw().position()).isEqualTo(new LogPosition("id", 2, 7));
        assertThat(received.reading()).isInstanceOfSatisfying(Reading.Valid.class, valid -> {
            assertThat(valid.event().userId()).isEqualTo(new UserId("key"));
            assertThat(valid.event().ref().time()).isEqualTo(Instant.ofEpochMilli(Records.WRITTEN_AT));
        });
    }

    @Test
    void asManySourcesAsThereAreAreEachReadAsTheyAreHoweverOften() {
        for (int i = 0; i < 2_500; i++) {
            String source = "/hr/" + i % 1_250;
            ProducerRecord<byte[], byte[]> record = aDeletion();
            record.headers().remove("ce_source").add("ce_source", source.getBytes(UTF_8));

            assertThat(read(record).reading())
                    .isInstanceOfSatisfying(
                            Reading.Valid.class,
                            valid -> assertThat(valid.event().ref().source()).isEqualTo(source));
        }
    }

    @Test
    void aSourceThatIsNoUriIsRefusedEachTime() {
        ProducerRecord<byte[], byte[]> record = aDeletion();
        record.headers().remove("ce_source").add("ce_source", "http://[nowhere".getBytes(UTF_8));

        assertThat(reason(record)).contains("[nowhere");
        assertThat(reason(record)).contains("[nowhere");
    }

    @Test
    void aStructuredEventIsRead() {
        Received received = read(structured("{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/hr\",\"type\":\""
                + UserCreated.TYPE + "\",\"subject\":\"älice\",\"sequence\":\"7\",\"data\":{\"scopes\":[\"chat\"]}}"));

        assertThat(received.reading()).isInstanceOfSatisfying(Reading.Valid.class, valid -> {
            assertThat(valid.event().event()).isEqualTo(new UserCreated("älice", Set.of("chat"), null, null));
            assertThat(valid.event().sequence()).isEqualTo("7");
        });
    }

    @Test
    void aKeyThatIsNoTextIsNoUserId() {
        var record = new ProducerRecord<byte[], byte[]>(
                "t", 0, new byte[] {(byte) 0xFF}, null, aDeletion().headers());

        assertThat(reason(record)).contains("subject is missing");
    }

    @Test
    void anAttributeThatIsNoUtf8IsNotTakenForAnother() {
        ProducerRecord<byte[], byte[]> record = aDeletion();
        record.headers().add("ce_subject", new byte[] {'a', (byte) 0xFF});

        assertThat(reason(record)).contains("header ce_subject without a value in UTF-8");
    }

    @Test
    void anAttributeGivenTwiceIsRefused() {
        ProducerRecord<byte[], byte[]> record = aDeletion();
        record.headers().add("ce_subject", "alice".getBytes(UTF_8)).add("ce_subject", "bob".getBytes(UTF_8));

        assertThat(reason(record)).contains("header ce_subject given twice");
    }

    @Test
    void theReasonNamesWhatCouldNotBeDecoded() {
        ProducerRecord<byte[], byte[]> wrongTime = aDeletion();
        wrongTime.headers().add("ce_time", "yesterday".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> wrongName = aDeletion();
        wrongName.headers().add("ce_Other-Name", "x".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> wrongVersion = aDeletion();
        wrongVersion.headers().remove("ce_specversion").add("ce_specversion", "2.0".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> withoutId = aDeletion();
        withoutId.headers().remove("ce_id");

        assertThat(reason(wrongTime)).contains("yesterday");
        assertThat(reason(wrongName)).containsIgnoringCase("other-name");
        assertThat(reason(wrongVersion)).contains("2.0");
        assertThat(reason(withoutId)).contains("id");
        assertThat(reason(structured("{\"specversion\":"))).contains("CloudEvent 1.0");
        assertThat(reason(new ProducerRecord<>("t", new byte[9]))).contains("CloudEvent 1.0");
        assertThat(reason(new ProducerRecord<>("t", nothing()))).contains("CloudEvent 1.0");
    }

    @Test
    void whateverARecordHoldsNothingIsThrown() {
        for (int i = 0; i < 20_000; i++) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>("t", any.below(2) == 0 ? nothing() : any.bytes(9), any.bytes(80));
            for (int n = any.below(6); n > 0; n--) {
                String name = List.of(
                                "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type", "ce_")
                        .get(any.below(7));
                byte[] value = List.of("1.0".getBytes(UTF_8), UserCreated.TYPE.getBytes(UTF_8), any.bytes(5))
                        .get(any.below(3));
                record.headers().add(name, value);
            }

            Reading reading = read(record).reading();

            assertThat(reading).isNotInstanceOf(Reading.Valid.class);
        }
    }

    @SuppressWarnings("NullAway") // Kafka's records may lack key and value
    private static byte[] nothing() {
        byte @Nullable [] nothing = null;
        return nothing;
    }
}
