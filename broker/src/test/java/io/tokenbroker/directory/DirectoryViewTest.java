package io.tokenbroker.directory;

import static io.tokenbroker.directory.Entries.aDeletedUser;
import static io.tokenbroker.directory.Entries.aUserBeingDeleted;
import static io.tokenbroker.directory.Entries.aUserBeingProvisioned;
import static io.tokenbroker.directory.Entries.anActiveUser;
import static io.tokenbroker.directory.Entries.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class DirectoryViewTest {

    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private final DirectoryView view = new DirectoryView();

    @Test
    void anOlderRecordChangesNothing() {
        view.apply(ALICE, 7, anActiveUser("alice", 1));

        view.apply(ALICE, 6, aUserBeingProvisioned("alice"));
        view.apply(ALICE, 7, aUserBeingProvisioned("alice"));

        assertThat(view.find(ALICE)).contains(anActiveUser("alice", 1));
    }

    @Test
    void anEntryThatATombstoneEndedIsNotBroughtBackByAnOlderRecord() {
        view.apply(ALICE, 7, anActiveUser("alice", 1));
        view.apply(ALICE, 9, null);

        view.apply(ALICE, 7, anActiveUser("alice", 1));
        view.apply(ALICE, 9, null);

        assertThat(view.find(ALICE)).isEmpty();
        assertThat(view.size()).isZero();
        assertThat(view.holderOf(identity(1))).isEmpty();
        view.apply(ALICE, 10, anActiveUser("alice", 2));
        assertThat(view.find(ALICE)).isPresent();
    }

    @Test
    void onlySoManyTombstonesAreRemembered() {
        for (int i = 0; i <= Tombstones.REMEMBERED; i++) {
            view.apply(new UserId("user-" + i), i + 1, null);
        }

        view.apply(new UserId("user-0"), 0, aDeletedUser("user-0"));
        view.apply(new UserId("user-1"), 1, aDeletedUser("user-1"));

        assertThat(view.find(new UserId("user-0"))).isPresent();
        assertThat(view.find(new UserId("user-1"))).isEmpty();
    }

    @Test
    void anIdentityLeadsToItsUserUntilItIsDeleted() {
        view.apply(ALICE, 1, anActiveUser("alice", 1));
        assertThat(view.holderOf(identity(1))).contains(ALICE);

        view.apply(ALICE, 2, aUserBeingDeleted("alice", 1));
        assertThat(view.holderOf(identity(1))).contains(ALICE);

        view.apply(ALICE, 3, aDeletedUser("alice"));
        assertThat(view.holderOf(identity(1))).isEmpty();
    }

    @Test
    void anIdentityThatWentToAnotherUserStaysTheirs() {
        view.apply(ALICE, 1, anActiveUser("alice", 1));
        view.apply(BOB, 2, anActiveUser("bob", 1));

        view.apply(ALICE, 3, anActiveUser("alice", 2));

        assertThat(view.holderOf(identity(1))).contains(BOB);
        assertThat(view.holderOf(identity(2))).contains(ALICE);
    }

    @Test
    void entriesAreWalkedInUserIdOrderFromAnyUserOn() {
        view.apply(BOB, 1, anActiveUser("bob", 2));
        view.apply(ALICE, 2, anActiveUser("alice", 1));

        assertThat(view.entriesAfter(null)).extracting(DirectoryEntry::userId).containsExactly(ALICE, BOB);
        assertThat(view.entriesAfter(ALICE)).extracting(DirectoryEntry::userId).containsExactly(BOB);
    }

    @Test
    void anEntryOfAnotherUserIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> view.apply(ALICE, 1, anActiveUser("bob", 1)));

        assertThat(view.size()).isZero();
    }

    @Test
    void applyingSaysWhetherItChangedAnything() {
        assertThat(view.apply(ALICE, 2, anActiveUser("alice", 1))).isTrue();
        assertThat(view.apply(ALICE, 2, anActiveUser("alice", 1))).isFalse();
        assertThat(view.apply(ALICE, 1, null)).isFalse();
        assertThat(view.apply(ALICE, 3, null)).isTrue();
        assertThat(view.apply(ALICE, 3, null)).isFalse();
    }

    @Test
    void onlyUsersGoneAtAcsTooAndForLongEnoughAreDeletedBefore() {
        view.apply(ALICE, 1, anActiveUser("alice", 1));
        view.apply(BOB, 2, aDeletedUser("bob"));
        view.apply(new UserId("carol"), 3, aUserBeingDeleted("carol", 3));

        assertThat(view.deletedBefore(Instant.EPOCH.plusNanos(1))).containsExactly(BOB);
        assertThat(view.deletedBefore(Instant.EPOCH)).isEmpty();
    }

    @Test
    void whoWaitsForAnEntryHasItAtOnceWhereItIsThere() {
        view.apply(ALICE, 1, anActiveUser("alice", 1));

        StepVerifier.create(view.when(ALICE, entry -> entry.identityId() != null))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void whoWaitsForAnEntryHasItAsSoonAsItHolds() {
        StepVerifier.create(view.when(ALICE, entry -> entry.identityId() != null))
                .then(() -> view.apply(ALICE, 1, aUserBeingProvisioned("alice")))
                .then(() -> view.apply(BOB, 2, anActiveUser("bob", 2)))
                .expectNoEvent(Duration.ofMillis(1))
                .then(() -> view.apply(ALICE, 3, anActiveUser("alice", 1)))
                .expectNext(anActiveUser("alice", 1))
                .verifyComplete();
    }

    @Test
    void aChangeIsToldOnceAndATombstoneAsAnUnknownUser() {
        List<DirectoryEntry> told = new ArrayList<>();
        view.listen(told::add);

        view.apply(ALICE, 1, anActiveUser("alice", 1));
        view.apply(ALICE, 1, anActiveUser("alice", 1));
        view.apply(ALICE, 2, null);

        assertThat(told).containsExactly(anActiveUser("alice", 1), DirectoryEntry.unknown(ALICE));
    }

    @Test
    void whoFollowsAUserIsToldHowTheyAreAndOfEachChangeOfTheirs() {
        view.apply(ALICE, 1, anActiveUser("alice", 1));

        StepVerifier.create(view.follow(ALICE).take(3))
                .expectNext(anActiveUser("alice", 1))
                .then(() -> view.apply(BOB, 2, anActiveUser("bob", 2)))
                .then(() -> view.apply(ALICE, 3, anActiveUser("alice", 3)))
                .expectNext(anActiveUser("alice", 3))
                .then(() -> view.apply(ALICE, 4, null))
                .expectNext(DirectoryEntry.unknown(ALICE))
                .verifyComplete();
    }

    @Test
    void whoIsSlowMissesSomeChangesButNeverTheLast() {
        StepVerifier.create(view.follow(ALICE), 1)
                .expectNext(DirectoryEntry.unknown(ALICE))
                .then(() -> {
                    for (int i = 1; i <= 50; i++) {
                        view.apply(ALICE, i, anActiveUser("alice", i));
                    }
                })
                .thenRequest(1)
                .expectNext(anActiveUser("alice", 50))
                .thenCancel()
                .verify(Duration.ofSeconds(5));
    }
}
