package io.tokenbroker.kafka;

import io.tokenbroker.directory.ArbitraryEntries;
import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.EventRef;
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
import java.util.Random;

/** Values of every shape the broker writes, the same ones again for the same seed. */
final class Arbitrary extends ArbitraryEntries {

    Arbitrary(long seed) {
        super(new Random(seed));
    }

    /** A new seed each run, printed, so that a failure can be run again with {@code -Dseed=}. */
    static Arbitrary seeded() {
        long seed = Seeds.next();
        System.out.println("seed: -Dseed=" + seed);
        return new Arbitrary(seed);
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

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
