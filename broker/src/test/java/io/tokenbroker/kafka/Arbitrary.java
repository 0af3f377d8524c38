package io.tokenbroker.kafka;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.Aspect;
import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.Parked;
import io.tokenbroker.directory.Seen;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.directory.Verdict;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentityResumed;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.events.TokenExchanged;
import io.tokenbroker.events.TokenIssued;
import io.tokenbroker.events.TokensRevoked;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.pipeline.DeadLetter;
import io.tokenbroker.pipeline.RawRecord;
import io.tokenbroker.pipeline.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values of every shape the broker writes, the same ones again for the same seed. */
final class Arbitrary {

    private static final List<String> SCOPES = List.of("chat", "voip", "chat.join", "chat.join.limited", "voip.join");
    private static final int[] LETTERS = {'a', 'Z', '0', ' ', '"', '\\', '/', '~', '%', 'é', 'ß', '中', 0x1F600, '\u0301'
    };

    private final Random random;

    Arbitrary(long seed) {
        this.random = new Random(seed);
    }

    /** A new seed each run, printed, so that a failure can be run again with {@code -Dseed=}. */
    static Arbitrary seeded() {
        long seed = Seeds.next();
        System.out.println("seed: -Dseed=" + seed);
        return new Arbitrary(seed);
    }

    DirectoryEntry entry() {
        return new DirectoryEntry(
                userId(),
                oneOf(Standing.values()),
                maybe(this::identityId),
                many(this::identityId),
                scopes(),
                maybe(() -> 60 + random.nextInt(1381)),
                random.nextBoolean(),
                random.nextLong(1000),
                random.nextLong(1000),
                maybe(this::text),
                oneOf(Standing.values()),
                many(() -> new Seen(oneOf(Aspect.values()), text(), maybe(this::text), instant())),
                maybe(this::position),
                oneOf(Verdict.values()),
                maybe(this::eventRef),
                maybe(() -> new Parked(text(), text(), instant())),
                instant());
    }

    CreateIntent intent() {
        return new CreateIntent(
                userId(),
                many(() -> new CreateIntent.Attempt(text(), instant(), random.nextInt(100), maybe(this::identityId))));
    }

    /** With as much of its cause as a record keeps. */
    Outcome outcome() {
        Instant time = instant();
        String requestedBy = maybe(this::text);
        EventRef cause = maybe(() -> new EventRef(text(), "", "", time, requestedBy, maybe(this::text)));
        return new Outcome(uuid(), time, outcomeEvent(), cause, requestedBy);
    }

    OutcomeEvent outcomeEvent() {
        String user = userId().value();
        String identity = identityId().value();
        return switch (random.nextInt(7)) {
            case 0 -> new IdentityProvisioned(user, identity);
            case 1 -> new IdentitySuspended(user, identity);
            case 2 -> new IdentityResumed(user, identity);
            case 3 -> new IdentityDeleted(user, identity);
            case 4 -> new TokenIssued(user, identity, scopes(), instant(), instant(), text(), text());
            case 5 -> new TokenExchanged(user, text(), text(), instant(), text());
            default -> new TokensRevoked(user, identity, text());
        };
    }

    DeadLetter deadLetter() {
        return new DeadLetter(rawRecord(200), maybe(this::userId), maybe(this::text), text(), random.nextInt(50));
    }

    @SuppressWarnings("NullAway") // does not see that the compiled record's arrays may be null
    RawRecord rawRecord(int mostBytes) {
        return new RawRecord(
                position(),
                Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
                maybe(() -> bytes(mostBytes)),
                maybe(() -> bytes(mostBytes)),
                many(() -> new RawRecord.Header(
                        random.nextBoolean() ? text() : DeadLetterCodec.REASON, maybe(() -> bytes(50)))));
    }

    LogPosition position() {
        return new LogPosition(uuid(), random.nextInt(100), random.nextLong(Long.MAX_VALUE));
    }

    EventRef eventRef() {
        return new EventRef(text(), text(), text(), instant(), maybe(this::text), maybe(this::text));
    }

    UserId userId() {
        return new UserId(text());
    }

    AcsIdentityId identityId() {
        return new AcsIdentityId("8:acs:" + uuid() + "_" + uuid());
    }

    Set<String> scopes() {
        return new HashSet<>(many(() -> SCOPES.get(random.nextInt(SCOPES.size()))));
    }

    Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
    }

    String text() {
        int[] points = random.ints(1 + random.nextInt(20), 0, LETTERS.length)
                .map(letter -> LETTERS[letter])
                .toArray();
        return new String(points, 0, points.length);
    }

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private <T> List<T> many(Supplier<T> value) {
        List<T> all = new ArrayList<>();
        while (all.size() < 4 && random.nextBoolean()) {
            all.add(value.get());
        }
        return all;
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
