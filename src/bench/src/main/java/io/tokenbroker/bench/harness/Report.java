package io.tokenbroker.bench.harness;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What a command says: its result on standard output, how far it is on standard error. */
public final class Report {

    private Report() {}

    /** What the figures depend on, wherever they are taken. */
    public static String conditions() {
        return "%d processors, load before %.1f, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        Runtime.version());
    }

    /** A table begins. */
    public static void head(String... columns) {
        row((Object[]) columns);
        print("|" + "---|".repeat(columns.length));
    }

    public static void row(Object... cells) {
        print("| "
                + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
    }

    @SuppressWarnings("SystemOut") // a command's result
    public static void print(String line) {
        System.out.println(line);
    }

    @SuppressWarnings("SystemOut") // for whoever waits for the result
    public static void progress(String line) {
        System.err.println(line);
    }
}
