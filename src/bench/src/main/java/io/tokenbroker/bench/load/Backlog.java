package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Whether the broker's memory stays flat whatever waits for it: its heap after a collection, again and again while it
 * works a backlog off that is larger than the heap. Users are few, as what the directory holds of each is no backlog.
 *
 * <p>Options: {@code --events= --users= --bytes= --heap= --latency= --every=}, the bytes being those of an event's data,
 * and a sample being taken every so many milliseconds.
 */
public final class Backlog {

    private static final List<String> IN_TURN =
            List.of(Events.CREATED, Events.SUSPENDED, Events.SESSIONS_REVOKED, Events.RESUMED);
    private static final Map<String, String> DEFAULTS = Map.of(
            "events", "200000", "users", "2000", "bytes", "2000", "heap", "256", "latency", "20", "every", "1000");
    private static final double MEGABYTE = 1024 * 1024;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(15);

    private Backlog() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Options options = Options.withJar(arguments, DEFAULTS);
        List<String> heap = List.of("-Xmx" + options.number("heap") + "m", "-XX:+UseSerialGC");
        try (Deployment deployment = new Deployment(options.jar(), "none");
                Lag lag = new Lag(deployment.bootstrapServers())) {
            deployment.emulator().setLatency(options.number("latency"));
            // it makes the topics
            deployment.broker(heap, Deployment.NO_QUOTA).process().close();
            double megabytes = write(options, deployment.bootstrapServers()) / MEGABYTE;
            Report.print("%s; %d events of %d users wait, %.0f MiB; heap of %d MiB; %d ms per call"
                    .formatted(
                            Report.conditions(),
                            options.number("events"),
                            options.number("users"),
                            megabytes,
                            options.number("heap"),
                            options.number("latency")));
            Report.print("");
            drain(deployment.broker(heap, Deployment.NO_QUOTA).process(), lag, options.number("every"));
        }
    }

    private static long write(Options options, String bootstrapServers) {
        byte[] data = ("{\"padding\":\"" + "x".repeat(options.number("bytes")) + "\"}").getBytes(UTF_8);
        int users = options.number("users");
        int events = options.number("events");
        try (var producer = Events.producer(bootstrapServers)) {
            for (int i = 0; i < events; i++) {
                String type = IN_TURN.get(i / users % IN_TURN.size());
                var unused = producer.send(
                        Events.of(type, "user-" + i % users, UUID.randomUUID().toString(), data));
            }
        }
        return (long) events * data.length;
    }

    private static void drain(JavaProcess broker, Lag lag, int every)
            throws IOException, InterruptedException, ExecutionException {
        Report.head("seconds", "events that wait", "MiB in use after a collection");
        List<Double> samples = new ArrayList<>();
        long start = System.nanoTime();
        for (long waiting = lag.now(); waiting > 0; waiting = lag.now()) {
            double used = broker.heapInUse() / MEGABYTE;
            double seconds = (System.nanoTime() - start) / 1e9;
            samples.add(used);
            Report.row("%.1f".formatted(seconds), waiting, "%.1f".formatted(used));
            if (System.nanoTime() - start > PATIENCE) {
                throw new IllegalStateException(waiting + " events still wait");
            }
            TimeUnit.MILLISECONDS.sleep(every);
        }
        int quarter = Math.max(1, samples.size() / 4);
        double first = median(samples.subList(0, quarter));
        double last = median(samples.subList(samples.size() - quarter, samples.size()));
        Report.print("");
        Report.print("worked off in %.1f s; median of the first quarter %.1f MiB, of the last %.1f MiB: %s"
                .formatted((System.nanoTime() - start) / 1e9, first, last, Figures.change(last / first - 1)));
    }

    private static double median(List<Double> samples) {
        return Figures.median(samples.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
