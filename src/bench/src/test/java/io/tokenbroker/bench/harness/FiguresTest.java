package io.tokenbroker.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void theMedianIsTheMiddleValueOrLiesBetweenTheTwoInTheMiddle() {
        assertThat(Figures.median(5, 1, 3)).isEqualTo(3);
        assertThat(Figures.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void aPercentileIsTheSmallestValueThatSoManyDoNotExceed() {
        long[] oneToHundred = LongStream.rangeClosed(1, 100).toArray();

        assertThat(Figures.percentile(oneToHundred, 0.5)).isEqualTo(50);
        assertThat(Figures.percentile(oneToHundred, 0.99)).isEqualTo(99);
        assertThat(Figures.percentile(oneToHundred, 1)).isEqualTo(100);
        assertThat(Figures.percentile(new long[] {7}, 0.01)).isEqualTo(7);
    }
}
