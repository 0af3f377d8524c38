package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeedStartTest {

    private static final FeedStart.Extent EXTENT =
            new FeedStart.Extent("topic", Map.of(0, 10L, 1, 0L), Map.of(0, 20L, 1, 5L));

    private static FeedPosition position(Map<Integer, Long> next) {
        return new FeedPosition("topic", next);
    }

    @Test
    void withoutAPositionAFeedBeginsAtTheEnd() {
        assertThat(FeedStart.of(null, EXTENT)).isEqualTo(new FeedStart(position(Map.of(0, 20L, 1, 5L)), Set.of()));
    }

    @Test
    void aPositionWithinTheTopicIsGoneOnFromExactly() {
        FeedPosition asked = position(Map.of(0, 10L, 1, 5L));

        assertThat(FeedStart.of(asked, EXTENT)).isEqualTo(new FeedStart(asked, Set.of()));
    }

    @Test
    void whatRetentionTookIsAGap() {
        assertThat(FeedStart.of(position(Map.of(0, 9L, 1, 2L)), EXTENT))
                .isEqualTo(new FeedStart(position(Map.of(0, 10L, 1, 2L)), Set.of(Reason.RETENTION)));
    }

    @Test
    void aTopicMadeAnewIsReadFromItsBeginning() {
        assertThat(FeedStart.of(new FeedPosition("old", Map.of(0, 15L)), EXTENT))
                .isEqualTo(new FeedStart(position(Map.of(0, 10L, 1, 0L)), Set.of(Reason.TOPIC)));
    }

    @Test
    void aPositionPastTheEndOrInAPartitionThatIsNotThereIsForeign() {
        assertThat(FeedStart.of(position(Map.of(0, 21L, 1, -1L)), EXTENT))
                .isEqualTo(new FeedStart(position(Map.of(0, 20L, 1, 5L)), Set.of(Reason.POSITION)));
        assertThat(FeedStart.of(position(Map.of(0, 15L, 1, 1L, 7, 0L)), EXTENT))
                .isEqualTo(new FeedStart(position(Map.of(0, 15L, 1, 1L)), Set.of(Reason.POSITION)));
    }

    @Test
    void aPartitionAddedLaterIsReadFromItsBeginningWithoutAGap() {
        assertThat(FeedStart.of(position(Map.of(0, 15L)), EXTENT))
                .isEqualTo(new FeedStart(position(Map.of(0, 15L, 1, 0L)), Set.of()));
    }
}
