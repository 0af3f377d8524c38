package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Users provisioned per second and what that costs, by the broker and by simpler ways to do the same work, at the same
 * bounds of calls in flight, one after the other in one run. Options with their defaults: see {@link #DEFAULTS}.
 */
final class Comparison {

    private static final Map<String, String> DEFAULTS = new HashMap<>(Map.of(
            "subjects", "bare,parallel-consumer,broker,blocking",
            "levels", "100,500,1000",
            "latency", "50",
            "events", "20000",
            "warm-up", "600000",
            "blocking-events", "200",
            "rounds", "3"));

    static {
        DEFAULTS.putAll(Programs.DEFAULTS);
    }

    private final Options options;
    private final Programs programs;
    private final int latency;

    private Comparison(Options options) {
        this.options = options;
        this.programs = Programs.of(options);
        this.latency = options.number("latency");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Comparison(Options.parse(arguments, DEFAULTS)).run();
    }

    private void run() throws IOException, InterruptedException {
        List<Subject> subjects =
                options.texts("subjects", ",").stream().map(Subject::of).toList();
        ComparisonTable table = new ComparisonTable(latency);
        Report.print(programs.conditions());
        Report.print(
                "%d ms per call; %s events a round after up to %s to warm up, medians of %s rounds (lowest to highest)."
                        .formatted(latency, options.text("events"), options.text("warm-up"), options.text("rounds")));
        Report.print("");
        Report.print(table.head());
        for (int level : options.numbers("levels")) {
            Map<Subject, List<Round>> measured = new EnumMap<>(Subject.class);
            for (Subject subject : subjects) {
                if (subject != Subject.BLOCKING) {
                    measured.put(subject, measure(subject, level, options.number("events"), options.number("warm-up")));
                }
            }
            Report.print(table.rows(level, measured));
        }
        if (subjects.contains(Subject.BLOCKING)) {
            int events = options.number("blocking-events");
            Report.print(table.rows(1, Map.of(Subject.BLOCKING, measure(Subject.BLOCKING, 1, events, events / 4))));
        }
    }

    private List<Round> measure(Subject subject, int inFlight, int events, int warmUp)
            throws IOException, InterruptedException {
        List<Round> rounds = new ArrayList<>();
        try (Stage stage = Stage.open(programs, subject, inFlight, latency)) {
            stage.warmUp(warmUp, events);
            for (int i = 0; i < options.number("rounds"); i++) {
                rounds.add(stage.run(events));
            }
        }
        return rounds;
    }
}
