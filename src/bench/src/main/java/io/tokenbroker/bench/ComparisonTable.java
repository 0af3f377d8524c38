package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Figures;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The comparison's figures as a Markdown table. */
final class ComparisonTable {

    private final int latency;

    /** @param latency of each call, in milliseconds */
    ComparisonTable(int latency) {
        this.latency = latency;
    }

    String head() {
        return """
                | in flight | subject | events/s | of in flight ÷ latency | of the bare loop | of parallel-consumer \
                | CPU-s per 10,000 events: subject | Kafka | emulator | load | share of the machine: subject | the rest |
                |---|---|---|---|---|---|---|---|---|---|---|---|""";
    }

    /** One row for each subject, beside what else was measured at this level. */
    String rows(int inFlight, Map<Subject, List<Round>> measured) {
        StringJoiner rows = new StringJoiner("\n");
        measured.forEach((subject, rounds) -> rows.add(row(inFlight, subject, rounds, measured)));
        return rows.toString();
    }

    private String row(int inFlight, Subject subject, List<Round> rounds, Map<Subject, List<Round>> measured) {
        double rate = median(rounds, Round::perSecond);
        double lowest = rounds.stream().mapToDouble(Round::perSecond).min().orElseThrow();
        double highest = rounds.stream().mapToDouble(Round::perSecond).max().orElseThrow();
        double bound = inFlight * 1000.0 / latency;
        return "| %d | %s | %.0f (%.0f to %.0f) | %.1f %% | %s | %s | %.2f | %.2f | %.2f | %.2f | %.0f %% | %.0f %% |"
                .formatted(
                        inFlight,
                        subject.title(),
                        rate,
                        lowest,
                        highest,
                        100 * rate / bound,
                        ratio(rate, measured.get(Subject.BARE)),
                        ratio(rate, measured.get(Subject.PARALLEL_CONSUMER)),
                        median(
                                rounds,
                                round -> round.perTenThousand(round.used().subject())),
                        median(
                                rounds,
                                round -> round.perTenThousand(round.used().kafka())),
                        median(
                                rounds,
                                round -> round.perTenThousand(round.used().emulator())),
                        median(
                                rounds,
                                round -> round.perTenThousand(round.used().load())),
                        100 * median(rounds, Round::subjectShare),
                        100 * median(rounds, Round::surroundingsShare));
    }

    private static String ratio(double rate, @Nullable List<Round> reference) {
        return reference == null ? "" : "%.2f".formatted(rate / median(reference, Round::perSecond));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Figures.median(rounds.stream().mapToDouble(figure).toArray());
    }
}
