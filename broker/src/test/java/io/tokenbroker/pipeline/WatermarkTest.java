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
    void itIsTheFirstRecordThatIsNotDoneWhateverTheOrderAndTheGapsAndTheEndOnceAllIs() {
        Seeds.each(500, seed -> new History(new Random(seed)).play());
    }

    /** Records with gaps before them, as transactions, their markers and compaction leave them, done in any order. */
    private static final class History {

        private final Random random;
        private final Watermark watermark;
        /** The naive model: every offset that is held, and nothing else. */
        private final TreeSet<Long> open = new TreeSet<>();

        private long next;
        private long highest;

        History(Random random) {
            this.random = random;
            next = random.nextInt(100);
            watermark = new Watermark(next);
        }

        void play() {
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> arrive();
                    case 2 -> finish();
                    case 3 -> goOnLater();
                    default -> holdWhatIsStillToCome();
                }
                check();
            }
            while (!open.isEmpty()) {
                finish();
                check();
            }
            long last = random.nextInt(3) == 0 ? next - 1 : arrived(random.nextInt(50));
            assertThat(watermark.value()).as("when all is done").isEqualTo(last + 1);
        }

        private void arrive() {
            long offset = arrived(random.nextInt(3) == 0 ? random.nextInt(20) : 0);
            if (random.nextInt(4) > 0) {
                hold(offset);
            }
        }

        private long arrived(int gap) {
            long offset = next + gap;
            watermark.arrived(offset);
            next = offset + 1;
            return offset;
        }

        private void finish() {
            if (!open.isEmpty()) {
                long done = any();
                watermark.release(done);
                open.remove(done);
            }
        }

        /** As a lane does whose later record is the one the rest of its work goes back to. */
        private void goOnLater() {
            if (!open.isEmpty()) {
                long from = any();
                long to = from + random.nextInt(10);
                if (to == from || !open.contains(to)) {
                    watermark.release(from);
                    open.remove(from);
                    hold(to);
                }
            }
        }

        /** As a lane does whose entry knows of a record that the log repeats after a crash. */
        private void holdWhatIsStillToCome() {
            long offset = next + random.nextInt(10);
            if (!open.contains(offset)) {
                hold(offset);
            }
        }

        private void hold(long offset) {
            watermark.hold(offset);
            open.add(offset);
        }

        private long any() {
            List<Long> all = new ArrayList<>(open);
            return all.get(random.nextInt(all.size()));
        }

        private void check() {
            long expected = open.isEmpty() ? next : Math.min(next, open.first());
            assertThat(watermark.value()).isEqualTo(expected).isGreaterThanOrEqualTo(highest);
            highest = watermark.value();
        }
    }
}
