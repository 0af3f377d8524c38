package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How much of Azure's quota a replay uses, and what it costs those who create users meanwhile. First users are created
 * over HTTP at an even pace with nothing else going on; then a replay alone; then, after a window without calls, a replay
 * with as many created beside it as at first. A creation's time goes from when it was due until it is answered, the
 * identity made.
 *
 * <p>Options: {@code --users=4000 --live-per-second=4 --seconds=90 --latency=50}: users of each replay, and for how long
 * others are created.
 */
public final class ReplayQuota {

    private static final String CREATE = "create";
    private static final double ALLOWED = 1000;
    private static final double WINDOW = 30;

    private final Deployment deployment;
    private final Broker broker;
    private final Options options;
    private int round;

    private ReplayQuota(Deployment deployment, Broker broker, Options options) {
        this.deployment = deployment;
        this.broker = broker;
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Options options = Options.withJar(
                arguments, Map.of("users", "4000", "live-per-second", "4", "seconds", "90", "latency", "50"));
        List<String> settings =
                List.of("--tokenbroker.lifecycle.start-from=latest", "--tokenbroker.lifecycle.first-token=false");
        try (Deployment deployment = new Deployment(options.jar(), "azure")) {
            deployment.emulator().setLatency(options.number("latency"));
            History.make(deployment.bootstrapServers());
            History.write(deployment.bootstrapServers(), "alone-", options.number("users"));
            History.write(deployment.bootstrapServers(), "beside-", options.number("users"));
            Broker broker = deployment.broker(List.of("-Xmx1g", "-XX:+UseParallelGC"), settings);
            new ReplayQuota(deployment, broker, options).run();
        }
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        try (ExecutorService callers = Executors.newCachedThreadPool()) {
            Report.print("%s; %d users a replay, %d others a second"
                    .formatted(Report.conditions(), options.number("users"), options.number("live-per-second")));
            long[] unused = live(callers);
            long[] without = live(callers);
            rest();
            replayAlone();
            rest();
            String job = broker.startReplay(History.request("beside-"));
            long[] with = live(callers);
            Duration unusedToo = History.applied(broker, job);
            report(without, with);
        }
    }

    /** Until every slot of the quota is free. */
    private static void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep((long) (1000 * WINDOW) + 3_000);
    }

    /** The quota grants 1,000 in any 30 s. What it allows at once at the beginning is no part of a long replay's rate. */
    private void replayAlone() throws IOException, InterruptedException {
        int users = options.number("users");
        double seconds = History.applied(broker, broker.startReplay(History.request("alone-")))
                        .toMillis()
                / 1000.0;
        long refused = deployment.emulator().count(CREATE, "throttled");
        Report.print("");
        Report.print("a replay alone: %.1f s from the first it asked for to the end, %.1f %% of the quota's rate"
                .formatted(seconds, 100 * users / (ALLOWED * seconds / WINDOW)));
        Report.print("%d of %d creates were answered 429: %.2f %%"
                .formatted(refused, users + refused, 100.0 * refused / (users + refused)));
    }

    private long[] live(ExecutorService callers) throws InterruptedException, ExecutionException {
        int perSecond = options.number("live-per-second");
        int count = perSecond * options.number("seconds");
        long begin = System.nanoTime();
        round++;
        List<Future<Long>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long due = begin + i * 1_000_000_000L / perSecond;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            String user = "live-" + round + "-" + i;
            Callable<Long> call = () -> {
                broker.create(user);
                return System.nanoTime() - due;
            };
            answers.add(callers.submit(call));
        }
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            nanos[i] = answers.get(i).get();
        }
        return nanos;
    }

    private static void report(long[] without, long[] with) {
        Report.print("");
        Report.head("live creates, milliseconds", "p50", "p99", "longest");
        row("without a replay", without);
        row("beside a replay", with);
        double change = (double) Figures.percentile(with, 0.99) / Figures.percentile(without, 0.99) - 1;
        Report.print("");
        Report.print("p99 beside a replay: %s".formatted(Figures.change(change)));
    }

    private static void row(String name, long[] nanos) {
        Report.row(
                name,
                Figures.millis(Figures.percentile(nanos, 0.5)),
                Figures.millis(Figures.percentile(nanos, 0.99)),
                Figures.millis(Figures.percentile(nanos, 1)));
    }
}
