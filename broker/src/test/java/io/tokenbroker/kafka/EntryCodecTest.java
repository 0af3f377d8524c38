package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.UserId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {

    private final Arbitrary any = Arbitrary.seeded();

    @Test
    void everyEntryComesBackAsItWasWritten() {
        for (int i = 0; i < 2_000; i++) {
            DirectoryEntry entry = any.entry();

            Decoded decoded = EntryCodec.decode(EntryCodec.encode(entry));

            assertThat(decoded).isEqualTo(new Decoded.Entry(entry));
        }
    }

    @Test
    void anEntryIsWrittenWithItsFormatFirstAndWithoutWhatIsEmpty() {
        byte[] written = EntryCodec.encode(DirectoryEntry.unknown(new UserId("alice")));

        assertThat(new String(written, UTF_8)).startsWith("{\"format\":1,").doesNotContain("null", "[]");
    }

    @Test
    void equalEntriesAreWrittenAsEqualBytes() {
        for (int i = 0; i < 500; i++) {
            DirectoryEntry entry = any.entry();
            Decoded.Entry again = (Decoded.Entry) EntryCodec.decode(EntryCodec.encode(entry));

            assertThat(EntryCodec.encode(again.entry())).isEqualTo(EntryCodec.encode(entry));
        }
    }

    @Test
    void aNewerFormatIsToldFromGarbage() {
        assertThat(decode("{\"standing\":[\"QUANTUM\"],\"format\":2}")).isEqualTo(new Decoded.FromTheFuture(2));
    }

    @Test
    void unknownFieldsAreIgnored() {
        DirectoryEntry entry = any.entry();
        String written = new String(EntryCodec.encode(entry), UTF_8);

        Decoded decoded = decode(written.replaceFirst("\\{", "{\"later\":{\"deep\":[1]},"));

        assertThat(decoded).isEqualTo(new Decoded.Entry(entry));
    }

    @Test
    void fieldsMayComeInAnyOrderAndNullIsAsGoodAsAbsent() {
        assertThat(decode("{\"updatedOn\":\"1970-01-01T00:00:00Z\",\"lastVerdict\":\"IGNORED\",\"scopes\":null,"
                        + "\"announced\":\"UNKNOWN\",\"standing\":\"UNKNOWN\",\"parked\":null,\"format\":1,"
                        + "\"tokenEpoch\":null,\"userId\":\"alice\"}"))
                .isEqualTo(new Decoded.Entry(DirectoryEntry.unknown(new UserId("alice"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "userId",
                "standing",
                "announced",
                "lastVerdict",
                "updatedOn",
                "aspect",
                "source",
                "time",
                "topicId",
                "id",
                "type",
                "eventId",
                "reason",
                "since"
            })
    void anEntryThatLacksAFieldWhichEveryoneOfItsKindHasIsUnreadable(String field) {
        String whole = new String(EntryCodec.encode(aFullEntry()), UTF_8);

        Decoded decoded = decode(whole.replace("\"" + field + "\":", "\"another\":"));

        assertThat(decoded).isEqualTo(new Decoded.Unreadable("is no entry: has no " + field));
    }

    private DirectoryEntry aFullEntry() {
        return Stream.generate(any::entry)
                .filter(entry -> !entry.seen().isEmpty() && entry.lastApplied() != null)
                .filter(entry -> entry.lastEvent() != null && entry.parked() != null)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anythingElseIsUnreadableAndNeverThrows() {
        assertThat(decode("")).isInstanceOf(Decoded.Unreadable.class);
        assertThat(decode("null")).isInstanceOf(Decoded.Unreadable.class);
        assertThat(decode("[]")).isInstanceOf(Decoded.Unreadable.class);
        assertThat(decode("{}")).isEqualTo(new Decoded.Unreadable("has no format"));
        assertThat(decode("{\"format\":1} {}")).isInstanceOf(Decoded.Unreadable.class);
        assertThat(decode("{\"format\":1}")).isInstanceOf(Decoded.Unreadable.class);
        for (int i = 0; i < 2_000; i++) {
            assertThat(EntryCodec.decode(any.bytes(60))).isInstanceOf(Decoded.Unreadable.class);
            EntryCodec.decode(damaged(EntryCodec.encode(any.entry())));
        }
    }

    private byte[] damaged(byte[] bytes) {
        bytes[any.below(bytes.length)] = (byte) any.below(256);
        return bytes;
    }

    private static Decoded decode(String json) {
        return EntryCodec.decode(json.getBytes(UTF_8));
    }
}
