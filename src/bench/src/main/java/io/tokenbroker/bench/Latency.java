package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a user waits at a steady rate, from when the event was due to be appended to when a reader of committed
 * records has the outcome; beside it the same calls made bare, from when each was due to its answer. Options with their
 * defaults: see {@link #DEFAULTS}.
 */
final class Latency {

    private static final Map<String, String> DEFAULTS = new HashMap<>(Map.of(
            "subjects", "bare,parallel-consumer,broker",
            "in-flight", "500",
            "latency", "50",
            "per-second", "200",
            "seconds", "40",
            "warm-up", "600000",
            "lot", "20000"));

    static {
        DEFAULTS.putAll(Programs.DEFAULTS);
    }

    /** What settles down again between the warm-up, at full speed, and the measured pace. */
    private static final int SETTLING_SECONDS = 5;

    private Latency() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments, DEFAULTS);
        Programs programs = Programs.of(options);
        List<Subject> subjects =
                options.texts("subjects", ",").stream().map(Subject::of).toList();
        int perSecond = options.number("per-second");
        int seconds = options.number("seconds");
        int latency = options.number("latency");
        Report.print(programs.conditions());
        Report.print(
                "%d events a second for %d s after up to %s at full speed to warm up, %d ms per call; milliseconds."
                        .formatted(perSecond, seconds, options.text("warm-up"), latency));
        Report.print("");
        Report.print("| subject | p50 | p99 | max |\n|---|---|---|---|");
        for (Subject subject : subjects) {
            try (Stage stage = Stage.open(programs, subject, options.number("in-flight"), latency)) {
                stage.warmUp(options.number("warm-up"), options.number("lot"));
                stage.pace(SETTLING_SECONDS * perSecond, perSecond);
                long[] waited = stage.pace(seconds * perSecond, perSecond);
                Report.print("| %s | %.1f | %.1f | %.1f |"
                        .formatted(
                                subject.title(),
                                Figures.percentile(waited, 0.5) / 1e6,
                                Figures.percentile(waited, 0.99) / 1e6,
                                Figures.percentile(waited, 1) / 1e6));
            }
        }
    }
}
