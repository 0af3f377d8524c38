package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import io.tokenbroker.outcomes.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedStartTest {

    private static final FeedStart.Extent EXTENT =
            new FeedStart.Extent(new FeedTopic("topic", 2), Map.of(0, 10L, 1, 0L), Map.of(0, 20L, 1, 5L));

    private static FeedPosition position(Map<Integer, Long> next) {
        return new FeedPosition("topic", 2, next);
    }

    @Test
    void withoutAPositionAFeedBeginsAtTheEnd() {
        assertThat(FeedStart.of(null, EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 20L, 1, 5L)), Set.of()));
    }

    @Test
    void aPositionWithinTheTopicIsGoneOnFromExactly() {
        FeedPosition asked = position(Map.of(0, 10L, 1, 5L));

        assertThat(FeedStart.of(asked, EXTENT, Wanted.EVERYTHING)).isEqualTo(new FeedStart(asked, Set.of()));
    }

    @Test
    void whatRetentionTookIsAGap() {
        assertThat(FeedStart.of(position(Map.of(0, 9L, 1, 2L)), EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 10L, 1, 2L)), Set.of(Reason.RETENTION)));
    }

    @Test
    void aTopicMadeAnewIsReadFromItsBeginning() {
        assertThat(FeedStart.of(new FeedPosition("old", 2, Map.of(0, 15L)), EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 10L, 1, 0L)), Set.of(Reason.TOPIC)));
    }

    @Test
    void aPositionPastTheEndOrInAPartitionThatIsNotThereIsForeign() {
        assertThat(FeedStart.of(position(Map.of(0, 21L, 1, -1L)), EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 20L, 1, 5L)), Set.of(Reason.POSITION)));
        assertThat(FeedStart.of(position(Map.of(0, 15L, 1, 1L, 7, 0L)), EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 15L, 1, 1L)), Set.of(Reason.POSITION)));
    }

    @Test
    void aPartitionAddedLaterIsReadFromItsBeginningWithoutAGap() {
        FeedPosition before = new FeedPosition("topic", 1, Map.of(0, 15L));

        assertThat(FeedStart.of(before, EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 15L, 1, 0L)), Set.of()));
    }

    @Test
    void onlyThePartitionsOfTheWantedUsersAreFollowed() {
        FeedPosition all = position(Map.of(0, 15L, 1, 3L));

        for (String user : List.of("alice", "bob", "carol", "dave")) {
            int home = home(user, 2);
            FeedStart start = FeedStart.of(all, EXTENT, of(user));

            assertThat(start).isEqualTo(new FeedStart(position(Map.of(home, home == 0 ? 15L : 3L)), Set.of()));
        }
    }

    @Test
    void aPositionOfOthersPartitionsIsAGapForWhoeverIsWantedNow() {
        String one = userIn(0, 2);
        String other = userIn(1, 2);
        FeedPosition ofOne = FeedStart.of(null, EXTENT, of(one)).position();

        assertThat(FeedStart.of(ofOne, EXTENT, of(other)))
                .isEqualTo(new FeedStart(position(Map.of(1, 5L)), Set.of(Reason.POSITION)));
        assertThat(FeedStart.of(ofOne, EXTENT, Wanted.EVERYTHING))
                .isEqualTo(new FeedStart(position(Map.of(0, 20L, 1, 5L)), Set.of(Reason.POSITION)));
    }

    @Test
    void aUserWhomMorePartitionsMovedIsFollowedWhereItWasAndWhereItIs() {
        String moved = IntStream.range(0, 100)
                .mapToObj(i -> "user-" + i)
                .filter(user -> home(user, 2) == 1 && home(user, 3) == 0)
                .findFirst()
                .orElseThrow();
        FeedStart.Extent grown = new FeedStart.Extent(
                new FeedTopic("topic", 3), Map.of(0, 0L, 1, 0L, 2, 0L), Map.of(0, 20L, 1, 5L, 2, 9L));

        FeedStart start = FeedStart.of(position(Map.of(1, 3L)), grown, of(moved));

        assertThat(start).isEqualTo(new FeedStart(new FeedPosition("topic", 3, Map.of(1, 3L, 0, 0L)), Set.of()));
    }

    @Test
    void anIdThatClaimsMorePartitionsThanThereCanBeCostsNothing() {
        FeedPosition claimed = new FeedPosition("topic", Integer.MAX_VALUE, Map.of(0, 15L, 1, 3L));

        assertThat(FeedStart.of(claimed, EXTENT, Wanted.EVERYTHING).gaps()).containsExactly(Reason.POSITION);
    }

    private static Wanted of(String user) {
        return new Wanted(Set.of(user), Set.of());
    }

    private static int home(String user, int partitions) {
        return FeedTopic.homes(of(user), partitions).iterator().next();
    }

    private static String userIn(int partition, int partitions) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "user-" + i)
                .filter(user -> home(user, partitions) == partition)
                .findFirst()
                .orElseThrow();
    }
}
