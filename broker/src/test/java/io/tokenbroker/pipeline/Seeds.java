package io.tokenbroker.pipeline;

/** Seeds of random tests: a new one each run, told when it fails, and given again by {@code -Dseed=}. */
public final class Seeds {

    private Seeds() {}

    public static long next() {
        return Long.getLong("seed", System.nanoTime());
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
