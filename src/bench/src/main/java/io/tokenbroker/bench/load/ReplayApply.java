package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * How fast a replay is applied where no quota is in its way, beside the plain pipeline: by turns as many users from the
 * history by replay, and as many whose events come live. Both make the same call. A replay's time goes from when it
 * begins to ask, with its second reading of the history, to when it is over; the pipeline's from before the first append
 * until the emulator has made the last identity.
 *
 * <p>Options: {@code --users=20000 --rounds=5 --latency=20}. The first round warms up.
 */
public final class ReplayApply {

    private static final String CREATE = "create";
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private ReplayApply() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Options options = Options.withJar(arguments, Map.of("users", "20000", "rounds", "5", "latency", "20"));
        int users = options.number("users");
        int rounds = options.number("rounds");
        List<String> settings = new ArrayList<>(Deployment.NO_QUOTA);
        settings.add("--tokenbroker.lifecycle.start-from=latest");
        settings.add("--tokenbroker.lifecycle.first-token=false");
        try (Deployment deployment = new Deployment(options.jar(), "none")) {
            deployment.emulator().setLatency(options.number("latency"));
            History.make(deployment.bootstrapServers());
            for (int round = 0; round <= rounds; round++) {
                History.write(deployment.bootstrapServers(), "old-" + round + "-", users);
            }
            Broker broker = deployment.broker(List.of("-Xmx1g", "-XX:+UseParallelGC"), settings);
            Report.print("%s; %d users a round, %d ms per call"
                    .formatted(Report.conditions(), users, options.number("latency")));
            Report.print("");
            Report.head("round", "plain pipeline, users/s", "replay, users/s", "of the plain pipeline");
            List<Double> shares = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                double plain = plain(deployment, "new-" + round + "-", users);
                String job = broker.startReplay(History.request("old-" + round + "-"));
                double replay = users * 1000.0 / History.applied(broker, job).toMillis();
                shares.add(replay / plain);
                Report.row(
                        round == 0 ? "warm-up" : round,
                        "%.0f".formatted(plain),
                        "%.0f".formatted(replay),
                        "%.1f %%".formatted(100 * replay / plain));
            }
            double[] measured =
                    shares.stream().skip(1).mapToDouble(Double::doubleValue).toArray();
            Report.print("");
            Report.print("the median: %.1f %%".formatted(100 * Figures.median(measured)));
        }
    }

    private static double plain(Deployment deployment, String prefix, int users)
            throws IOException, InterruptedException {
        long before = deployment.emulator().count(CREATE, "successes");
        long start = System.nanoTime();
        History.write(deployment.bootstrapServers(), prefix, users);
        while (deployment.emulator().count(CREATE, "successes") < before + users) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new IllegalStateException("the creates are not done");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return users * 1e9 / (System.nanoTime() - start);
    }
}
