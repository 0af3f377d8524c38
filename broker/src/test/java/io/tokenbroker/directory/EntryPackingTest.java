package io.tokenbroker.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.pipeline.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntryPackingTest {

    private static final int ENTRIES = 5_000;

    private final EntryPacking packing = new EntryPacking();

    @Test
    void everyEntryComesBackAsItWasAndWithTheOffsetItCameIn() {
        long seed = Seeds.next();
        Seeds.explain(seed, () -> {
            Strange any = new Strange(new Random(seed));
            for (int i = 0; i < ENTRIES; i++) {
                DirectoryEntry entry = any.entry();
                long offset = any.number();

                byte[] packed = packing.pack(offset, entry);

                assertThat(packing.unpack(entry.userId(), packed)).isEqualTo(entry);
                assertThat(EntryPacking.offset(packed)).isEqualTo(offset);
                assertThat(EntryPacking.standing(packed)).isEqualTo(entry.standing());
            }
        });
    }

    @Test
    void entriesOfManySourcesComeBackAndTakeNoRoomFromOtherTerms() {
        List<DirectoryEntry> entries = IntStream.range(0, 3 * Vocabulary.MOST)
                .mapToObj(i -> anEntryFrom("https://example.com/source/" + i))
                .toList();

        List<byte[]> packed =
                entries.stream().map(entry -> packing.pack(1, entry)).toList();

        for (int i = 0; i < entries.size(); i++) {
            DirectoryEntry entry = entries.get(i);
            assertThat(packing.unpack(entry.userId(), packed.get(i))).isEqualTo(entry);
        }
        assertThat(packed.getLast().length - packed.getFirst().length)
                .isLessThan(2 * ("https://example.com/source/" + entries.size()).length() + 8);
    }

    @Test
    void anOrdinaryEntryOfGuidsTakesEightyBytesAtMost() {
        DirectoryEntry entry = anEntryFrom("https://people.example.com/users");

        assertThat(packing.pack(4_000_000, entry)).hasSizeLessThanOrEqualTo(80);
    }

    private static DirectoryEntry anEntryFrom(String source) {
        Instant time = Instant.parse("2026-11-20T09:00:00.123456789Z");
        return new DirectoryEntry(
                new UserId("5a4f7f3e-8a1c-4c60-9d5f-0b6c8c1f2a3b"),
                Standing.ACTIVE,
                Entries.identity(1),
                List.of(),
                Set.of(),
                null,
                true,
                0,
                0,
                null,
                Standing.ACTIVE,
                List.of(new Seen(Aspect.EXISTENCE, source, null, time)),
                new LogPosition("jvJ8Ck2bRj2vHk5uN1mQ3w", 11, 4_000_000),
                Verdict.APPLIED,
                new EventRef(
                        "0e6cb1f4-3f0f-4f0e-8b5c-1d2e3f4a5b6c",
                        source,
                        "tokenbroker.user.created.v1",
                        time,
                        null,
                        null),
                null,
                time.plusMillis(1500),
                null,
                null);
    }

    /** What no codec of the broker writes, and its types allow all the same. */
    private static final class Strange extends ArbitraryEntries {

        private static final char[] HALVES = {'\ud83d', '\ude00', '\u0000', '\u007f', '\u0080', '\uffff', 'x'};

        Strange(Random random) {
            super(random);
        }

        @Override
        public String text() {
            return switch (random.nextInt(8)) {
                case 0 -> "";
                case 1 -> uuid();
                case 2 -> uuid().replace('-', '_');
                case 3 -> "x".repeat(Vocabulary.LONGEST + random.nextInt(2));
                case 4 -> halves();
                default -> letters();
            };
        }

        private String halves() {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(6), 0, HALVES.length).forEach(half -> text.append(HALVES[half]));
            return text.toString();
        }

        @Override
        public long number() {
            return random.nextLong() >> random.nextInt(Long.SIZE);
        }

        @Override
        public LogPosition position() {
            return new LogPosition(text(), (int) number(), number());
        }

        @Override
        public Instant instant() {
            return switch (random.nextInt(8)) {
                case 0 -> Instant.MIN;
                case 1 -> Instant.MAX;
                case 2 -> Instant.EPOCH;
                default -> super.instant().minusSeconds(random.nextLong(4_000_000_000L));
            };
        }
    }
}
