package io.tokenbroker.acs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightLimitTest {

    private final InFlightLimit limit = new InFlightLimit(400);

    @Test
    void isTheMostAllowedWhileEveryCallIsAnswered() {
        answers(1_000);
        assertThat(limit.get()).isEqualTo(400);
    }

    @Test
    void isHalvedOnceForAllThatWereUnderWayTogether() {
        for (int i = 0; i < 400; i++) {
            limit.unanswered(0, 10);
        }
        assertThat(limit.get()).isEqualTo(200);

        limit.unanswered(11, 20);
        assertThat(limit.get()).isEqualTo(100);
    }

    @Test
    void growsByOneInARoundWhereMoreWasTooMuch() {
        limit.unanswered(0, 10);
        answers(200);
        assertThat(limit.get()).isBetween(200, 201);
    }

    @Test
    void growsWithEachAnswerAfterAnOutageUpToHalfOfWhatItWas() {
        limit.unanswered(0, 10);
        limit.begunAnew(10, 0);
        assertThat(limit.get()).isEqualTo(InFlightLimit.FEWEST);

        answers(190);
        assertThat(limit.get()).isEqualTo(200);
        answers(200);
        assertThat(limit.get()).isBetween(200, 201);
    }

    @Test
    void reachesTheMostAgainAndNeverPassesIt() {
        limit.begunAnew(10, 0);
        answers(400 * 400);
        assertThat(limit.get()).isEqualTo(400);
    }

    @Test
    void neverEndsAllCalls() {
        for (int i = 0; i < 50; i++) {
            limit.unanswered(i, i);
        }
        assertThat(limit.get()).isEqualTo(InFlightLimit.FEWEST);
        assertThat(few(3).get()).isEqualTo(3);
    }

    @Test
    void whatAnOutageLeftHangingTakesNoPlaceOfWhatComesAfterIt() {
        limit.begunAnew(10, 399);
        assertThat(limit.hasPlace(399)).isTrue();
        assertThat(limit.hasPlace(400)).as("the most in all").isFalse();

        for (int i = 0; i < 300; i++) {
            limit.ended(5);
        }
        assertThat(limit.hasPlace(99 + InFlightLimit.FEWEST - 1)).isTrue();
        assertThat(limit.hasPlace(99 + InFlightLimit.FEWEST)).isFalse();
        limit.ended(11);
        assertThat(limit.hasPlace(99 + InFlightLimit.FEWEST))
                .as("it was made after the outage")
                .isFalse();
    }

    private static InFlightLimit few(int most) {
        var few = new InFlightLimit(most);
        few.begunAnew(1, 0);
        return few;
    }

    private void answers(int count) {
        for (int i = 0; i < count; i++) {
            limit.answered();
        }
    }
}
