package io.tokenbroker.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.Standing;
import io.tokenbroker.events.LifecycleEvent;
import io.tokenbroker.pipeline.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random events, answers, refusals, lost answers and crashes of one user, against {@link Expected}. */
class RulesPropertyTest {

    @AfterEach
    void nobodyHoldsAnything() {
        Users.HOLDERS.clear();
    }

    @Test
    void everyHistoryEndsAsTheLogSaysWithOneIdentityAndAConsistentStory() {
        Seeds.each(3_000, seed -> new Life(new Random(seed)).play());
    }

    @Test
    void anEventThatSettlesBeforeTheNextIsAnnouncedAsWhatItDid() {
        Seeds.each(1_000, seed -> {
            Random random = new Random(seed);
            Users alice = Users.anUnknownUser();
            Expected before = Expected.NOBODY;
            for (int offset = 0; offset < 20; offset++) {
                LifecycleEvent event = random.nextInt(4) == 0
                        ? RandomEvents.ofReplay(random, before.decided())
                        : RandomEvents.ofUpstream(random);
                Expected after = before.after(event, offset);
                alice.outcomes.clear();

                settle(alice.on(event));

                assertThat(alice.announced())
                        .as("of %s, after %s", event, before)
                        .filteredOn(type -> !type.equals("token.issued"))
                        .isEqualTo(Expected.announcements(before, after));
                assertThat(alice.entry.tokenEpoch()).isEqualTo(after.epoch());
                before = after;
            }
        });
    }

    @Test
    void conflationNeverChangesTheFinalState() {
        Seeds.each(2_000, seed -> {
            Random random = new Random(seed);
            Users oneByOne = Users.anUnknownUser();
            Users atOnce = Users.anUnknownUser();
            for (int i = 0; i < 12; i++) {
                LifecycleEvent event = RandomEvents.ofUpstream(random);
                settle(oneByOne.on(event));
                atOnce.on(event);
                if (random.nextInt(6) == 0) {
                    settle(atOnce);
                }
            }
            settle(atOnce);
            assertThat(visible(atOnce.entry)).isEqualTo(visible(oneByOne.entry));
        });
    }

    private static void settle(Users users) {
        while (Users.RULES.nextStep(users.entry).isPresent()) {
            users.answered();
        }
    }

    /** What callers can tell; which identity it is depends on how many were made. */
    private static List<Object> visible(DirectoryEntry entry) {
        return List.of(
                entry.state(),
                entry.identityId() != null,
                entry.scopes(),
                entry.tokenEpoch(),
                entry.revoking(),
                entry.announced() == Standing.UNKNOWN ? Standing.GONE : entry.announced());
    }
}
