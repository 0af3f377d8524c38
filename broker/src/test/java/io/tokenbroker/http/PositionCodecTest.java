package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.outcomes.FeedPosition;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionCodecTest {

    @Test
    void aPositionSurvivesBeingAnId() {
        Map<Integer, Long> next = new TreeMap<>();
        for (int partition = 0; partition < 200; partition++) {
            next.put(partition, partition * 123_456_789_012L);
        }
        next.put(Integer.MAX_VALUE, Long.MAX_VALUE);
        FeedPosition position = new FeedPosition("Zm9vYmFyYmF6cXV1eA", Integer.MAX_VALUE, next);

        String id = PositionCodec.encode(position);

        assertThat(id).matches("[A-Za-z0-9_-]+");
        assertThat(PositionCodec.decode(id)).contains(position);
    }

    @Test
    void anIdIsTheSameForTheSamePosition() {
        FeedPosition one = new FeedPosition("topic", 3, Map.of(1, 5L, 2, 6L, 3, 7L));

        assertThat(PositionCodec.encode(new FeedPosition("topic", 3, Map.of(3, 7L, 2, 6L, 1, 5L))))
                .isEqualTo(PositionCodec.encode(one));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7", "garbage", "AQ", "AQH", "!!!", "AP____8", "AUEB", "AQFBAf__________f38", "AQFBAQAAAA"})
    void garbageIsNoPosition(String id) {
        assertThat(PositionCodec.decode(id)).isEmpty();
    }

    @Test
    void everyTruncationIsNoPosition() {
        String id = PositionCodec.encode(new FeedPosition("topic", 3, Map.of(0, 300L, 1, 70_000L)));

        for (int length = 0; length < id.length() - 1; length++) {
            assertThat(PositionCodec.decode(id.substring(0, length)))
                    .as("first %d", length)
                    .isEmpty();
        }
    }
}
