package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.Entries;
import io.tokenbroker.directory.EventRef;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.intake.UserEvent;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdoptionsTest {

    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");
    private static final AcsIdentityId IDENTITY = Entries.identity(1);

    private final DirectoryView directory = new DirectoryView();
    private final AtomicLong nanos = new AtomicLong();
    private final Adoptions adoptions = new Adoptions(identity -> false, directory, nanos::get);

    @Test
    void ofTwoUsersWhoComeWithOneIdentityAtOnceTheFirstGetsIt() {
        assertThat(adoptions.claim(IDENTITY, ALICE)).isEmpty();

        assertThat(adoptions.claim(IDENTITY, BOB)).contains(ALICE);
        assertThat(adoptions.claim(IDENTITY, ALICE)).as("its event once more").isEmpty();
    }

    @Test
    void whoOnlyAsksWhatWouldBeDecidedKeepsNothingForAnybody() {
        Rules rules = new Rules(new TokenDefaults(false, Set.of("chat"), 60), adoptions);

        assertThat(adopts(rules.rehearsing(), ALICE)).isTrue();
        assertThat(adopts(rules, BOB)).isTrue();
        assertThat(adopts(rules, ALICE)).isFalse();
        assertThat(adopts(rules.rehearsing(), ALICE))
                .as("until the directory shows it, only what is decided for good is told")
                .isTrue();
    }

    private static boolean adopts(Rules rules, UserId user) {
        EventRef ref = new EventRef("event", "/hr", UserCreated.TYPE, Instant.EPOCH, null, null);
        UserCreated created = new UserCreated(user.value(), null, null, IDENTITY.value());
        DirectoryEntry next = rules.apply(
                        DirectoryEntry.unknown(user),
                        new UserEvent(user, created, ref, null, false),
                        new LogPosition("topic", 0, 0),
                        Instant.EPOCH)
                .next();
        return IDENTITY.equals(next.identityId());
    }

    @Test
    void whatTheDirectorySaysCountsForGood() {
        directory.apply(BOB, 1, Entries.anActiveUser("bob", 1));

        assertThat(adoptions.claim(IDENTITY, ALICE)).contains(BOB);
        assertThat(adoptions.claim(IDENTITY, BOB)).isEmpty();
    }

    @Test
    void anAdoptionThatNeverCameToTheDirectoryHoldsNobodyUpForLong() {
        adoptions.claim(IDENTITY, ALICE);

        nanos.addAndGet(Adoptions.UNDER_WAY.toNanos());

        assertThat(adoptions.claim(IDENTITY, BOB)).isEmpty();
    }
}
