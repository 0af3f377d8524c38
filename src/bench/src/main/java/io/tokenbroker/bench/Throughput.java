package io.tokenbroker.bench;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How near the pipeline comes to the bound that calls in flight and latency set: users created per second, from the
 * first event appended to the last {@code identity.provisioned} a reader of committed records sees, beside in flight ÷
 * latency. The whole stack shares the machine with the measurement.
 *
 * <p>The runs before the printed ones warm the JVM up, which shares two processors with Kafka and the emulator: with
 * none, what is measured is its compiler.
 */
final class Throughput {

    private static final Map<String, String> DEFAULTS = Map.of(
            "jar", "src/local/target/tokenbroker-local.jar",
            "events", "2000",
            "in-flight", "100",
            "latency", "50",
            "warm-up", "180",
            "runs", "10");

    private Throughput() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments, DEFAULTS);
        int events = options.number("events");
        int inFlight = options.number("in-flight");
        int latency = options.number("latency");
        List<String> settings = List.of(
                "--tokenbroker.pipeline.max-in-flight=" + inFlight, "--tokenbroker.lifecycle.first-token=false");
        try (LocalProcess stack = new LocalProcess(options.file("jar"), settings);
                Provisioning provisioning = new Provisioning(stack.bootstrapServers())) {
            stack.setLatency(latency);
            double bound = inFlight * 1000.0 / latency;
            Report.print("%d events, %d calls in flight, %d ms per call: bound %.0f events/s"
                    .formatted(events, inFlight, latency, bound));
            Report.print("");
            Report.print(
                    "| run | seconds | events/s | of the bound | CPU-seconds of the stack |\n|---|---|---|---|---|");
            for (int run = 0; run < options.number("warm-up"); run++) {
                provisioning.backlog(events);
            }
            double[] rates = new double[options.number("runs")];
            for (int run = 0; run < rates.length; run++) {
                Duration before = stack.cpu();
                double seconds = provisioning.backlog(events).toNanos() / 1e9;
                double cpu = stack.cpu().minus(before).toMillis() / 1000.0;
                rates[run] = events / seconds;
                Report.print("| %d | %.3f | %.0f | %.1f %% | %.2f |"
                        .formatted(run + 1, seconds, rates[run], 100 * rates[run] / bound, cpu));
            }
            Report.print("\nmedian: %.1f %% of the bound".formatted(100 * Figures.median(rates) / bound));
        }
    }
}
