package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
final class Backlog {

    private static final List<String> IN_TURN =
            List.of(Events.CREATED, Events.SUSPENDED, Events.SESSIONS_REVOKED, Events.RESUMED);
    private static final double MEGABYTE = 1024 * 1024;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(15);

    private Backlog() {}

    public static void main(String[] given) throws IOException, InterruptedException, ExecutionException {
        Arguments arguments = new Arguments(
                given, "events", "200000", "users", "2000", "bytes", "2000", "heap", "256", "latency", "20", "every",
                "1000");
        List<String> heap = List.of("-Xmx" + arguments.number("heap") + "m", "-XX:+UseSerialGC");
        try (Deployment deployment = new Deployment(arguments.jar(), "none");
                Lag lag = new Lag(deployment.bootstrapServers())) {
            deployment.faults("{\"latencyMs\":{\"fixed\":" + arguments.number("latency") + "}}");
            // it makes the topics
            deployment.broker(heap, Deployment.NO_QUOTA).process().close();
            double megabytes = write(arguments, deployment.bootstrapServers()) / MEGABYTE;
            Table.print("%s; %d events of %d users wait, %.0f MiB; heap of %d MiB; %d ms per call"
                    .formatted(
                            Table.conditions(),
                            arguments.number("events"),
                            arguments.number("users"),
                            megabytes,
                            arguments.number("heap"),
                            arguments.number("latency")));
            Table.print("");
            drain(deployment.broker(heap, Deployment.NO_QUOTA).process(), lag, arguments.number("every"));
        }
    }

    private static long write(Arguments arguments, String bootstrapServers) {
        byte[] data = ("{\"padding\":\"" + "x".repeat(arguments.number("bytes")) + "\"}").getBytes(UTF_8);
        int users = arguments.number("users");
        int events = arguments.number("events");
        try (var producer = Events.producer(bootstrapServers)) {
            for (int i = 0; i < events; i++) {
                String type = IN_TURN.get(i / users % IN_TURN.size());
                var unused = producer.send(
                        Events.of(type, "user-" + i % users, UUID.randomUUID().toString(), data));
            }
        }
        return (long) events * data.length;
    }

    private static void drain(JvmProcess broker, Lag lag, int every)
            throws IOException, InterruptedException, ExecutionException {
        Table.head("seconds", "events that wait", "MiB in use after a collection");
        List<Double> samples = new ArrayList<>();
        long start = System.nanoTime();
        for (long waiting = lag.now(); waiting > 0; waiting = lag.now()) {
            double used = broker.heapInUse() / MEGABYTE;
            double seconds = (System.nanoTime() - start) / 1e9;
            samples.add(used);
            Table.row("%.1f".formatted(seconds), waiting, "%.1f".formatted(used));
            if (System.nanoTime() - start > PATIENCE) {
                throw new IllegalStateException(waiting + " events still wait");
            }
            TimeUnit.MILLISECONDS.sleep(every);
        }
        int quarter = Math.max(1, samples.size() / 4);
        double first = Table.median(samples.subList(0, quarter));
        double last = Table.median(samples.subList(samples.size() - quarter, samples.size()));
        Table.print("");
        Table.print("worked off in %.1f s; median of the first quarter %.1f MiB, of the last %.1f MiB: %s"
                .formatted((System.nanoTime() - start) / 1e9, first, last, Table.percent(last / first - 1)));
    }
}
