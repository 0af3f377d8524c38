package io.tokenbroker.pipeline;

import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record comes, another is done, and the offset to commit is asked for, with 1,000 records open: the watermark beside a
 * set of the open offsets, the least that could do the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WatermarkBenchmark {

    private static final int OPEN = 1000;

    private final Random random = new Random(1);
    private final long[] open = new long[OPEN];
    private final Watermark watermark = new Watermark(0);
    private final TreeSet<Long> set = new TreeSet<>();
    private long next = OPEN;

    public WatermarkBenchmark() {
        for (int offset = 0; offset < OPEN; offset++) {
            open[offset] = offset;
            watermark.arrived(offset);
            watermark.hold(offset);
            set.add((long) offset);
        }
    }

    @Benchmark
    public long watermark() {
        int done = random.nextInt(OPEN);
        watermark.arrived(next);
        watermark.hold(next);
        watermark.release(open[done]);
        open[done] = next++;
        return watermark.value();
    }

    @Benchmark
    public long reference() {
        int done = random.nextInt(OPEN);
        set.add(next);
        set.remove(open[done]);
        open[done] = next++;
        return set.first();
    }
}
