package io.tokenbroker.pipeline;

import java.util.function.LongConsumer;

/** Seeds of random tests: a new one each run, told when it fails, and given again by {@code -Dseed=}. */
public final class Seeds {

    private Seeds() {}

    public static long next() {
        return Long.getLong("seed", System.nanoTime());
    }

    /** So many runs, each with a seed of its own; a failure says with which, and with that one given it is the first. */
    public static void each(int runs, LongConsumer test) {
        long first = next();
        for (long seed = first; seed < first + runs; seed++) {
            long one = seed;
            explain(one, () -> test.accept(one));
        }
    }

    /** Says with which seed it failed. */
    public static void explain(long seed, Runnable test) {
        try {
            test.run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("run again with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
