package io.tokenbroker.bench.harness;

import java.util.Arrays;

/** Sums up what was measured. */
public final class Figures {

    private Figures() {}

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that {@code share} of all values do not exceed. */
    public static long percentile(long[] values, double share) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** Nanoseconds, as milliseconds. */
    public static String millis(long nanos) {
        return "%.1f".formatted(nanos / 1e6);
    }

    /** How much more or less, as a part of what it was. */
    public static String change(double part) {
        return "%+.1f %%".formatted(100 * part);
    }
}
