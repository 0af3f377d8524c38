package io.tokenbroker.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/**
 * Entries as few bytes, each with the offset of the record it came in and without its user id, which is the key of
 * whoever holds it. An entry comes back equal to what it was. Packed entries mean something to the packing that made
 * them alone, which keeps the texts they share; they are never written anywhere. Thread-safe.
 */
final class EntryPacking {

    private static final Standing[] STANDINGS = Standing.values();
    private static final Verdict[] VERDICTS = Verdict.values();
    private static final Aspect[] ASPECTS = Aspect.values();
    private static final ReplayOutcome[] REPLAY_OUTCOMES = ReplayOutcome.values();

    private static final int HAS_IDENTITY = 1;
    private static final int HAS_LIFETIME = 1 << 1;
    private static final int FIRST_TOKEN = 1 << 2;
    private static final int HAS_LAST_APPLIED = 1 << 3;
    private static final int HAS_LAST_EVENT = 1 << 4;
    private static final int IS_PARKED = 1 << 5;
    private static final int HAS_DECIDED_AT = 1 << 6;
    private static final int HAS_LAST_REPLAY = 1 << 7;
    private static final int FLAGS = 8;

    /** Upstream's alone to choose: apart, so that the other terms find room however many these are. */
    private final Vocabulary sources = new Vocabulary();

    private final Vocabulary terms = new Vocabulary();

    /** Apart as well: there are more of them the longer this runs. */
    private final Vocabulary jobs = new Vocabulary();

    byte[] pack(long offset, DirectoryEntry entry) {
        PackedWriter out = new PackedWriter();
        Instant base = entry.updatedOn();
        out.number(offset);
        out.number(ordinal(entry.standing()) * STANDINGS.length + ordinal(entry.announced()));
        out.number(((long) ordinal(entry.lastVerdict()) << FLAGS) | flags(entry));
        out.instant(base, Instant.EPOCH);
        if (entry.identityId() != null) {
            write(out, entry.identityId());
        }
        out.number(entry.doomed().size());
        entry.doomed().forEach(doomed -> write(out, doomed));
        out.number(entry.scopes().size());
        entry.scopes().forEach(scope -> out.term(scope, terms));
        if (entry.lifetimeMinutes() != null) {
            out.number(entry.lifetimeMinutes());
        }
        out.number(entry.tokenEpoch());
        out.number(entry.revokedEpoch());
        out.text(entry.revokeReason());
        out.number(entry.seen().size());
        entry.seen().forEach(seen -> write(out, seen, base));
        if (entry.lastApplied() != null) {
            write(out, entry.lastApplied());
        }
        if (entry.lastEvent() != null) {
            write(out, entry.lastEvent(), base);
        }
        if (entry.parked() != null) {
            write(out, entry.parked(), base);
        }
        if (entry.decidedAt() != null) {
            write(out, entry.decidedAt());
        }
        if (entry.lastReplay() != null) {
            out.term(entry.lastReplay().job(), jobs);
            out.number(ordinal(entry.lastReplay().outcome()));
        }
        return out.toBytes();
    }

    DirectoryEntry unpack(UserId userId, byte[] packed) {
        PackedReader in = new PackedReader(packed);
        in.number(); // the offset
        int standings = in.small();
        int verdictAndFlags = in.small();
        Instant base = in.instant(Instant.EPOCH);
        return new DirectoryEntry(
                userId,
                STANDINGS[standings / STANDINGS.length],
                has(HAS_IDENTITY, verdictAndFlags) ? readIdentity(in) : null,
                many(in, this::readIdentity),
                new HashSet<>(many(in, each -> each.term(terms))),
                has(HAS_LIFETIME, verdictAndFlags) ? in.small() : null,
                has(FIRST_TOKEN, verdictAndFlags),
                in.number(),
                in.number(),
                in.optionalText(),
                STANDINGS[standings % STANDINGS.length],
                many(in, each -> readSeen(each, base)),
                has(HAS_LAST_APPLIED, verdictAndFlags) ? readPosition(in) : null,
                VERDICTS[verdictAndFlags >>> FLAGS],
                has(HAS_LAST_EVENT, verdictAndFlags) ? readEvent(in, base) : null,
                has(IS_PARKED, verdictAndFlags) ? readParked(in, base) : null,
                base,
                has(HAS_DECIDED_AT, verdictAndFlags) ? readPosition(in) : null,
                has(HAS_LAST_REPLAY, verdictAndFlags) ? readReplayed(in) : null);
    }

    static long offset(byte[] packed) {
        return new PackedReader(packed).number();
    }

    static Standing standing(byte[] packed) {
        PackedReader in = new PackedReader(packed);
        in.number(); // the offset
        return STANDINGS[in.small() / STANDINGS.length];
    }

    /** What leads from an identity to its user. */
    IdentityKey key(AcsIdentityId identityId) {
        return IdentityKey.of(identityId, terms::shared);
    }

    private static int flags(DirectoryEntry entry) {
        return (entry.identityId() == null ? 0 : HAS_IDENTITY)
                | (entry.lifetimeMinutes() == null ? 0 : HAS_LIFETIME)
                | (entry.firstToken() ? FIRST_TOKEN : 0)
                | (entry.lastApplied() == null ? 0 : HAS_LAST_APPLIED)
                | (entry.lastEvent() == null ? 0 : HAS_LAST_EVENT)
                | (entry.parked() == null ? 0 : IS_PARKED)
                | (entry.decidedAt() == null ? 0 : HAS_DECIDED_AT)
                | (entry.lastReplay() == null ? 0 : HAS_LAST_REPLAY);
    }

    @SuppressWarnings("EnumOrdinal") // whatever is packed is unpacked by the very same classes
    private static int ordinal(Enum<?> constant) {
        return constant.ordinal();
    }

    private static boolean has(int flag, int flags) {
        return (flags & flag) != 0;
    }

    private static <T> List<T> many(PackedReader in, Function<PackedReader, T> one) {
        int count = in.small();
        List<T> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(one.apply(in));
        }
        return all;
    }

    private void write(PackedWriter out, AcsIdentityId identityId) {
        out.term(identityId.resource(), terms);
        out.text(identityId.user());
    }

    private AcsIdentityId readIdentity(PackedReader in) {
        return AcsIdentityId.of(in.term(terms), in.text());
    }

    private void write(PackedWriter out, Seen seen, Instant base) {
        out.number(ordinal(seen.aspect()));
        out.term(seen.source(), sources);
        out.text(seen.sequence());
        out.instant(seen.time(), base);
    }

    private Seen readSeen(PackedReader in, Instant base) {
        return new Seen(ASPECTS[in.small()], in.term(sources), in.optionalText(), in.instant(base));
    }

    private void write(PackedWriter out, LogPosition position) {
        out.term(position.topicId(), terms);
        out.number(position.partition());
        out.number(position.offset());
    }

    private LogPosition readPosition(PackedReader in) {
        return new LogPosition(in.term(terms), in.small(), in.number());
    }

    private void write(PackedWriter out, EventRef event, Instant base) {
        out.text(event.id());
        out.term(event.source(), sources);
        out.term(event.type(), terms);
        out.instant(event.time(), base);
        out.text(event.requestedBy());
        out.text(event.traceparent());
    }

    private EventRef readEvent(PackedReader in, Instant base) {
        return new EventRef(
                in.text(), in.term(sources), in.term(terms), in.instant(base), in.optionalText(), in.optionalText());
    }

    private static void write(PackedWriter out, Parked parked, Instant base) {
        out.text(parked.eventId());
        out.text(parked.reason());
        out.instant(parked.since(), base);
    }

    private Replayed readReplayed(PackedReader in) {
        return new Replayed(in.term(jobs), REPLAY_OUTCOMES[in.small()]);
    }

    private static Parked readParked(PackedReader in, Instant base) {
        return new Parked(in.text(), in.text(), in.instant(base));
    }
}
