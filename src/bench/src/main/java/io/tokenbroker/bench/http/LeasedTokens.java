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
import java.util.concurrent.TimeUnit;

/**
 * How fast leased tokens are served over HTTP, beside an endpoint that gives everybody the same bytes behind the same
 * security, by turns, in one run.
 *
 * <p>Options: {@code --connections= --seconds= --rounds= --warm-up=}, the last in seconds.
 */
public final class LeasedTokens {

    private static final Map<String, String> DEFAULTS =
            Map.of("connections", "64", "seconds", "10", "rounds", "5", "warm-up", "40");
    private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+UseParallelGC");
    private static final String USER = "leased";

    private record Turn(double perSecond, double microseconds) {}

    private LeasedTokens() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.withJar(arguments, DEFAULTS);
        try (Deployment deployment = new Deployment(options.jar(), "none")) {
            Broker broker = deployment.broker(JVM, Deployment.NO_QUOTA);
            broker.create(USER);
            String token = broker.token(USER);
            try (BareServer bare = BareServer.start(deployment, JVM, token)) {
                run(options, deployment, broker, bare);
            }
        }
    }

    private static void run(Options options, Deployment deployment, Broker broker, BareServer bare)
            throws IOException, InterruptedException {
        int connections = options.number("connections");
        Report.print("%s; every process with %s; %d connections, %d s a turn after %d s each to warm up."
                .formatted(
                        Report.conditions(),
                        String.join(" ", JVM),
                        connections,
                        options.number("seconds"),
                        options.number("warm-up")));
        Report.print("");
        long issued = deployment.emulator().count("issue", "calls");
        try (var ofBare = new Requests(bare.port(), connections, request(bare.port(), deployment.accessToken()));
                var ofBroker =
                        new Requests(broker.port(), connections, request(broker.port(), deployment.accessToken()))) {
            long warmUp = TimeUnit.SECONDS.toNanos(options.number("warm-up"));
            ofBare.run(warmUp);
            ofBroker.run(warmUp);
            Report.head("round", "bare/s", "broker/s", "of it", "bare µs CPU", "broker µs CPU");
            double[] shares = new double[options.number("rounds")];
            long nanos = TimeUnit.SECONDS.toNanos(options.number("seconds"));
            for (int round = 0; round < shares.length; round++) {
                Turn first = turn(
                        round % 2 == 0 ? ofBare : ofBroker, round % 2 == 0 ? bare.process() : broker.process(), nanos);
                Turn second = turn(
                        round % 2 == 0 ? ofBroker : ofBare, round % 2 == 0 ? broker.process() : bare.process(), nanos);
                Turn ofTheBare = round % 2 == 0 ? first : second;
                Turn ofTheBroker = round % 2 == 0 ? second : first;
                shares[round] = ofTheBroker.perSecond() / ofTheBare.perSecond();
                Report.row(
                        round + 1,
                        "%.0f".formatted(ofTheBare.perSecond()),
                        "%.0f".formatted(ofTheBroker.perSecond()),
                        "%.1f %%".formatted(100 * shares[round]),
                        "%.0f".formatted(ofTheBare.microseconds()),
                        "%.0f".formatted(ofTheBroker.microseconds()));
            }
            Report.print("");
            Report.print("median: %.1f %% of the bare endpoint; calls to ACS meanwhile: %d"
                    .formatted(
                            100 * Figures.median(shares), deployment.emulator().count("issue", "calls") - issued));
        }
    }

    private static Turn turn(Requests requests, JavaProcess server, long nanos) throws IOException {
        Duration before = server.cpu();
        long answers = requests.run(nanos);
        Duration cpu = server.cpu().minus(before);
        return new Turn(answers * 1e9 / nanos, cpu.toNanos() / 1e3 / answers);
    }

    private static String request(int port, String accessToken) {
        return String.join(
                "\r\n",
                "POST /v1/users/" + USER + "/tokens HTTP/1.1",
                "Host: 127.0.0.1:" + port,
                "Authorization: Bearer " + accessToken,
                "Content-Type: application/json",
                "Content-Length: 2",
                "",
                "{}");
    }
}
