package io.tokenbroker.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import io.tokenbroker.bench.load.Broker;
import io.tokenbroker.bench.load.Deployment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What streams that are read have of streams that are not: how long a delivery takes, and the broker's heap after a
 * collection, alone and beside clients that take nothing, by turns, in one run.
 *
 * <p>Options: {@code --streams= --stalled= --per-second= --seconds= --rounds= --warm-up=}.
 */
public final class StalledReaders {

    private static final Map<String, String> DEFAULTS = Map.of(
            "streams", "200", "stalled", "50", "per-second", "50", "seconds", "45", "rounds", "3", "warm-up", "30");
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseParallelGC");
    private static final List<String> SETTINGS = List.of("--tokenbroker.sse.max-streams-per-caller=1000000");
    private static final int SMALL = 4096;
    private static final double MEGABYTE = 1024 * 1024;

    private record Turn(long p50, long p99, double megabytes) {}

    private final Options options;
    private final Broker broker;
    private final Announcer announcer;
    private final Subscribers subscribers;

    private StalledReaders(Options options, Broker broker, Announcer announcer, Subscribers subscribers) {
        this.options = options;
        this.broker = broker;
        this.announcer = announcer;
        this.subscribers = subscribers;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.withJar(arguments, DEFAULTS);
        try (Deployment deployment = new Deployment(options.jar(), "none")) {
            Broker broker = deployment.broker(JVM, SETTINGS);
            String accessToken = deployment.accessToken();
            try (var announcer = new Announcer(deployment.bootstrapServers());
                    var subscribers = new Subscribers(options.number("streams"), accessToken, announcer)) {
                subscribers.open(broker.port());
                new StalledReaders(options, broker, announcer, subscribers).run(accessToken);
            }
        }
    }

    private void run(String accessToken) throws IOException, InterruptedException {
        int rounds = options.number("rounds");
        Report.print(
                "%s; the broker with %s; %s streams, %s outcomes a second, %s s a turn after %s s to warm up; milliseconds."
                        .formatted(
                                Report.conditions(),
                                String.join(" ", JVM),
                                options.text("streams"),
                                options.text("per-second"),
                                options.text("seconds"),
                                options.text("warm-up")));
        Report.print("");
        announcer.announce(options.number("per-second"), TimeUnit.SECONDS.toNanos(options.number("warm-up")));
        Report.head(
                "round", "alone p50", "alone p99", "MiB heap", "beside p50", "beside p99", "MiB heap", "p99 moves by");
        double[] moves = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Turn alone = turn();
            Turn beside;
            List<Socket> stalled = stalled(accessToken);
            try {
                beside = turn();
            } finally {
                for (Socket socket : stalled) {
                    socket.close();
                }
            }
            moves[round] = (double) beside.p99() / alone.p99() - 1;
            Report.row(
                    round + 1,
                    Figures.millis(alone.p50()),
                    Figures.millis(alone.p99()),
                    "%.1f".formatted(alone.megabytes()),
                    Figures.millis(beside.p50()),
                    Figures.millis(beside.p99()),
                    "%.1f".formatted(beside.megabytes()),
                    Figures.change(moves[round]));
        }
        Report.print("");
        Report.print(
                "median: the p99 of those who read moves by %s; %s of %d streams that nobody read were ended; to the others %s"
                        .formatted(
                                Figures.change(Figures.median(moves)),
                                broker.metric("tokenbroker_sse_stalled_total").longValue(),
                                rounds * options.number("stalled"),
                                subscribers.faults()));
    }

    private Turn turn() throws IOException, InterruptedException {
        long before = subscribers.delivered();
        announcer.announce(options.number("per-second"), TimeUnit.SECONDS.toNanos(options.number("seconds")));
        subscribers.awaitAll(announcer);
        long[] waited = subscribers.waitedSince(before);
        return new Turn(
                Figures.percentile(waited, 0.5),
                Figures.percentile(waited, 0.99),
                broker.process().heapInUse() / MEGABYTE);
    }

    /** Clients that ask for everything and take nothing. */
    private List<Socket> stalled(String accessToken) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < options.number("stalled"); i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(SMALL);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
            socket.getOutputStream()
                    .write(("GET /v1/token-events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + accessToken
                                    + "\r\n\r\n")
                            .getBytes(US_ASCII));
            sockets.add(socket);
        }
        return sockets;
    }
}
