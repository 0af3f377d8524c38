package io.tokenbroker.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tokenbroker.directory.Verdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What operators see of the pipeline. No user id is ever a label. */
final class PipelineMetrics {

    private static final String RECORDS = "tokenbroker.pipeline.records";

    private static final Duration[] COMMITS = LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Counter duplicates;
    private final Counter foreign;
    private final Counter rerouted;
    private final Counter deadLetters;
    private final Counter parked;
    private final Counter retries;
    private final DistributionSummary batch;
    private final Timer commit;

    PipelineMetrics(MeterRegistry registry) {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, records(registry, verdict.name().toLowerCase(Locale.ROOT)));
        }
        duplicates = records(registry, "duplicate");
        foreign = records(registry, "foreign");
        rerouted = records(registry, "rerouted");
        deadLetters = Counter.builder("tokenbroker.pipeline.dead.letters")
                .description("Records written to the dead letters")
                .register(registry);
        parked = Counter.builder("tokenbroker.pipeline.parked")
                .description("Events whose work was given up until the user's next event")
                .register(registry);
        retries = Counter.builder("tokenbroker.pipeline.retries")
                .description("Calls to ACS that are made again after a transient fault")
                .register(registry);
        batch = DistributionSummary.builder("tokenbroker.pipeline.transaction.size")
                .description("Records per transaction")
                .register(registry);
        commit = Timer.builder("tokenbroker.pipeline.transaction")
                .description("Time from the start of a transaction to its commit")
                .serviceLevelObjectives(COMMITS)
                .register(registry);
    }

    private static Counter records(MeterRegistry registry, String result) {
        return Counter.builder(RECORDS)
                .description("Records of the input log, by how they ended")
                .tag("result", result)
                .register(registry);
    }

    void decided(Verdict verdict) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.increment();
        }
    }

    void duplicate() {
        duplicates.increment();
    }

    void foreign() {
        foreign.increment();
    }

    void parked() {
        parked.increment();
    }

    void retried() {
        retries.increment();
    }

    void committed(Transaction transaction, long nanos) {
        batch.record(transaction.size());
        deadLetters.increment(transaction.deadLetters().size());
        rerouted.increment(transaction.reroutes().size());
        commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** What upstream chose, as a log line may hold it: nothing in it can look like another line or field. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .forEach(c -> safe.append(
                        c > ' ' && c < 0x7f && c != '"' && c != '\\'
                                ? Character.toString(c)
                                : "\\u{" + Integer.toHexString(c) + "}"));
        return safe.toString();
    }
}
