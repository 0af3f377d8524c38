package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.Entries;
import io.tokenbroker.directory.UserId;
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
