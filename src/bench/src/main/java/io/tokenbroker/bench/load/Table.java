package io.tokenbroker.bench.load;

import java.util.Arrays;
import java.util.List;

/** Figures, and how they are printed. */
final class Table {

    private Table() {}

    static void head(String... columns) {
        row((Object[]) columns);
        print("|" + "---|".repeat(columns.length));
    }

    static void row(Object... cells) {
        print("| "
                + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
    }

    @SuppressWarnings("SystemOut") // a command's result
    static void print(String line) {
        System.out.println(line);
    }

    /** The machine and the JVM that the figures are of. */
    static String conditions() {
        return "%d processors, JDK %s".formatted(Runtime.getRuntime().availableProcessors(), Runtime.version());
    }

    static String millis(double nanos) {
        return "%.1f".formatted(nanos / 1e6);
    }

    static String percent(double part) {
        return "%+.1f %%".formatted(100 * part);
    }

    static double median(List<Double> values) {
        return percentile(values, 0.5);
    }

    /** The value that so many of all are not above. */
    static double percentile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, (int) (part * sorted.size())));
    }
}
