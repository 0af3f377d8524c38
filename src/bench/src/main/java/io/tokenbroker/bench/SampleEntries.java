package io.tokenbroker.bench;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Active users as one upstream system makes them, ids in no order, times to the nanosecond; the same ones each time. */
record SampleEntries(int count, int partitions) implements Iterable<DirectoryEntry> {

    private static final String SOURCE = "https://people.example.com/users";
    private static final String TYPE = "tokenbroker.user.created.v1";
    private static final UUID RESOURCE = guid(0, 0);
    private static final String TOPIC_ID = "jvJ8Ck2bRj2vHk5uN1mQ3w";
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    static UserId userId(int user) {
        return new UserId(guid(1, user).toString());
    }

    static AcsIdentityId identityId(int user) {
        return new AcsIdentityId("8:acs:" + RESOURCE + "_" + guid(2, user));
    }

    DirectoryEntry entry(int user) {
        Instant time = FIRST.plusSeconds(20L * user).plusNanos(mix(user) >>> 35);
        return new DirectoryEntry(
                userId(user),
                Standing.ACTIVE,
                identityId(user),
                List.of(),
                Set.of(),
                null,
                true,
                0,
                0,
                null,
                Standing.ACTIVE,
                List.of(new Seen(Aspect.EXISTENCE, SOURCE, null, time)),
                new LogPosition(TOPIC_ID, user % partitions, user / partitions),
                Verdict.APPLIED,
                new EventRef(guid(3, user).toString(), SOURCE, TYPE, time, null, null),
                null,
                time.plusNanos(73_123_457),
                null,
                null);
    }

    @Override
    public Iterator<DirectoryEntry> iterator() {
        return IntStream.range(0, count).mapToObj(this::entry).iterator();
    }

    private static UUID guid(int kind, int user) {
        long high = mix(((long) kind << 40) + 2L * user);
        long low = mix(((long) kind << 40) + 2L * user + 1);
        return new UUID((high & ~0xf000L) | 0x4000L, (low & ~(0b11L << 62)) | (0b10L << 62));
    }

    /** Spreads neighbouring numbers over all numbers, as SplitMix64 does. */
    private static long mix(long number) {
        long mixed = (number + 1) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
