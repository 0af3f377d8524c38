package io.tokenbroker.bench.http;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.JavaProcess;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import io.tokenbroker.bench.load.Broker;
import io.tokenbroker.bench.load.Deployment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What streams of outcomes cost, beside an endpoint that tells everybody the same behind the same security and has no
 * way back: memory of an idle stream, processor time of a delivery and how long it takes from when the outcome was
 * appended, at rising rates; and how soon all streams go on after the broker was killed.
 *
 * <p>Options: {@code --streams= --rates= --seconds= --warm-up=}, the rates in outcomes a second, each told to every
 * stream, for so many seconds, after the last of them for so many to warm up.
 */
public final class Streams {

    private static final Map<String, String> DEFAULTS =
            Map.of("streams", "5000", "rates", "1,2,5,10", "seconds", "15", "warm-up", "30");
    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");
    private static final List<String> SETTINGS =
            List.of("--tokenbroker.sse.max-streams=1000000", "--tokenbroker.sse.max-streams-per-caller=1000000");
    private static final int WHILE_AWAY = 20;

    private final Options options;
    private final Deployment deployment;
    private final Announcer announcer;

    private Streams(Options options, Deployment deployment, Announcer announcer) {
        this.options = options;
        this.deployment = deployment;
        this.announcer = announcer;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.withJar(arguments, DEFAULTS);
        try (Deployment deployment = new Deployment(options.jar(), "none")) {
            Broker broker = deployment.broker(JVM, SETTINGS);
            try (var announcer = new Announcer(deployment.bootstrapServers());
                    var bare = BareServer.start(deployment, JVM, "{}")) {
                new Streams(options, deployment, announcer).run(bare, broker);
            }
        }
    }

    private void run(BareServer bare, Broker broker) throws IOException, InterruptedException {
        Report.print("%s; every process with %s; %s streams, %s s at each rate after %s s to warm up."
                .formatted(
                        Report.conditions(),
                        String.join(" ", JVM),
                        options.text("streams"),
                        options.text("seconds"),
                        options.text("warm-up")));
        Report.print("");
        Report.head(
                "server",
                "outcomes/s",
                "deliveries/s",
                "µs CPU each",
                "p50 ms",
                "p99 ms",
                "KiB heap a stream",
                "KiB resident a stream");
        try (Subscribers ofBare = subscribers()) {
            measure("bare", bare.process(), bare.port(), ofBare);
        }
        bare.close();
        try (Subscribers ofBroker = subscribers()) {
            measure("broker", broker.process(), broker.port(), ofBroker);
            resume(broker, ofBroker);
        }
    }

    private Subscribers subscribers() throws IOException, InterruptedException {
        return new Subscribers(options.number("streams"), deployment.accessToken(), announcer);
    }

    private void measure(String server, JavaProcess process, int port, Subscribers subscribers)
            throws IOException, InterruptedException {
        // what the first streams load is no stream's
        try (Subscribers first = new Subscribers(50, deployment.accessToken(), announcer)) {
            first.open(port);
        }
        long heapBefore = process.heapInUse();
        long residentBefore = process.resident();
        subscribers.open(port);
        TimeUnit.SECONDS.sleep(2);
        double heap = (process.heapInUse() - heapBefore) / 1024.0 / options.number("streams");
        double resident = (process.resident() - residentBefore) / 1024.0 / options.number("streams");
        List<Integer> rates = options.numbers("rates");
        announcer.announce(rates.getLast(), TimeUnit.SECONDS.toNanos(options.number("warm-up")));
        subscribers.awaitAll(announcer);
        for (int rate : rates) {
            long before = subscribers.delivered();
            Duration cpuBefore = process.cpu();
            long start = System.nanoTime();
            announcer.announce(rate, TimeUnit.SECONDS.toNanos(options.number("seconds")));
            subscribers.awaitAll(announcer);
            long nanos = System.nanoTime() - start;
            long deliveries = subscribers.delivered() - before;
            Duration cpu = process.cpu().minus(cpuBefore);
            long[] waited = subscribers.waitedSince(before);
            Report.row(
                    server,
                    rate,
                    "%.0f".formatted(deliveries * 1e9 / nanos),
                    "%.1f".formatted(cpu.toNanos() / 1e3 / deliveries),
                    Figures.millis(Figures.percentile(waited, 0.5)),
                    Figures.millis(Figures.percentile(waited, 0.99)),
                    "%.1f".formatted(heap),
                    "%.1f".formatted(resident));
        }
        Report.progress(server + ": " + subscribers.faults());
    }

    private void resume(Broker broker, Subscribers subscribers) throws IOException, InterruptedException {
        CompletableFuture<Void> meanwhile =
                CompletableFuture.runAsync(() -> announcer.announce(WHILE_AWAY, TimeUnit.SECONDS.toNanos(15)));
        TimeUnit.SECONDS.sleep(1);
        long killed = System.nanoTime();
        broker.process().kill();
        Broker back = deployment.broker(JVM, SETTINGS);
        long ready = System.nanoTime();
        subscribers.open(back.port());
        long open = System.nanoTime();
        meanwhile.join();
        long told = System.nanoTime();
        subscribers.awaitAll(announcer);
        Report.print("");
        Report.print(
                "killed with -9 while %d outcomes a second were announced: ready after %.1f s, all streams open %.1f s later; %.1f s after the last outcome each had all: %s"
                        .formatted(
                                WHILE_AWAY,
                                (ready - killed) / 1e9,
                                (open - ready) / 1e9,
                                (System.nanoTime() - told) / 1e9,
                                subscribers.faults()));
    }
}
