package io.tokenbroker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WatermarkTest {

    @Test
    void withoutAnythingUnderWayItIsTheNextOffset() {
        Watermark watermark = new Watermark(7);
        watermark.arrived(7);
        watermark.arrived(12);

        assertThat(watermark.value()).isEqualTo(13);
    }

    @Test
    void aHoldOnARecordStillToComeDoesNotMoveItAhead() {
        Watermark watermark = new Watermark(0);
        watermark.arrived(0);
        watermark.hold(9);

        assertThat(watermark.value()).isEqualTo(1);
    }

    @Test
    void anOffsetThatDoesNotRiseIsRefused() {
        Watermark watermark = new Watermark(5);
        watermark.arrived(5);

        assertThatIllegalArgumentException().isThrownBy(() -> watermark.arrived(5));
    }

    @Test
    void itNeverPassesARecordThatIsNotDoneWhateverTheOrderAndTheGaps() {
        long seed = Seeds.next();
        Seeds.explain(seed, () -> {
            for (int run = 0; run < 300; run++) {
                randomRun(new Random(seed + run));
            }
        });
    }

    private static void randomRun(Random random) {
        long offset = random.nextInt(100);
        Watermark watermark = new Watermark(offset);
        TreeSet<Long> undecided = new TreeSet<>();
        long highest = watermark.value();
        for (int step = 0; step < 200; step++) {
            if (undecided.isEmpty() || random.nextBoolean()) {
                offset += random.nextInt(3) == 0 ? random.nextInt(20) : 0;
                watermark.arrived(offset);
                if (random.nextInt(4) > 0) {
                    watermark.hold(offset);
                    undecided.add(offset);
                }
                offset++;
            } else {
                List<Long> all = new ArrayList<>(undecided);
                Long done = all.get(random.nextInt(all.size()));
                watermark.release(done);
                undecided.remove(done);
            }
            long expected = undecided.isEmpty() ? Math.max(highest, offset) : undecided.first();
            assertThat(watermark.value()).isEqualTo(expected).isGreaterThanOrEqualTo(highest);
            highest = watermark.value();
        }
    }
}
