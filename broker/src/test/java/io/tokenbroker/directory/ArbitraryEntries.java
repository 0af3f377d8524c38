package io.tokenbroker.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Entries of every shape, and what they are made of; the same ones again for the same random numbers. */
public class ArbitraryEntries {

    private static final List<String> SCOPES = List.of("chat", "voip", "chat.join", "chat.join.limited", "voip.join");
    private static final int[] LETTERS = {'a', 'Z', '0', ' ', '"', '\\', '/', '~', '%', 'é', 'ß', '中', 0x1F600, '\u0301'
    };

    protected final Random random;

    protected ArbitraryEntries(Random random) {
        this.random = random;
    }

    public DirectoryEntry entry() {
        return entryOf(userId());
    }

    public DirectoryEntry entryOf(UserId userId) {
        return new DirectoryEntry(
                userId,
                oneOf(Standing.values()),
                maybe(this::identityId),
                many(this::identityId),
                scopes(),
                maybe(() -> 60 + random.nextInt(1381)),
                random.nextBoolean(),
                number(),
                number(),
                maybe(this::text),
                oneOf(Standing.values()),
                many(() -> new Seen(oneOf(Aspect.values()), text(), maybe(this::text), instant())),
                maybe(this::position),
                oneOf(Verdict.values()),
                maybe(this::eventRef),
                maybe(() -> new Parked(text(), text(), instant())),
                instant(),
                maybe(this::position),
                maybe(() -> new Replayed(text(), oneOf(ReplayOutcome.values()))));
    }

    public LogPosition position() {
        return new LogPosition(uuid(), random.nextInt(100), random.nextLong(Long.MAX_VALUE));
    }

    public EventRef eventRef() {
        return new EventRef(text(), text(), text(), instant(), maybe(this::text), maybe(this::text));
    }

    public UserId userId() {
        return new UserId(random.nextInt(3) == 0 ? uuid() : letters());
    }

    public AcsIdentityId identityId() {
        return new AcsIdentityId("8:acs:" + uuid() + "_" + uuid());
    }

    public Set<String> scopes() {
        return new HashSet<>(many(() -> SCOPES.get(random.nextInt(SCOPES.size()))));
    }

    public Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
    }

    public long number() {
        return random.nextLong(1000);
    }

    public String text() {
        return letters();
    }

    /** Valid Unicode, and fit for a user id. */
    protected final String letters() {
        int[] points = random.ints(1 + random.nextInt(20), 0, LETTERS.length)
                .map(letter -> LETTERS[letter])
                .toArray();
        return new String(points, 0, points.length);
    }

    /** Now and then in upper case, which nobody may turn into lower case. */
    protected final String uuid() {
        String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
        return random.nextInt(8) == 0 ? uuid.toUpperCase(Locale.ROOT) : uuid;
    }

    public final <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    protected final <T> List<T> many(Supplier<T> value) {
        List<T> all = new ArrayList<>();
        while (all.size() < 4 && random.nextBoolean()) {
            all.add(value.get());
        }
        return all;
    }

    public final <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    protected final <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
