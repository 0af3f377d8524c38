package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * What everybody else has of one user with half of all events, among whose neighbours is one whose event ACS refuses for
 * good: the time from when an event was due to be appended to when a reader of committed records has its outcome, alone
 * and beside the hot user, by turns, in one run.
 *
 * <p>Everybody else's events revoke their sessions, one call to ACS each. Options: {@code --users= --per-second=
 * --seconds= --rounds= --warm-up= --latency=}, as many events a second again being the hot user's.
 */
public final class HotUser {

    private static final Map<String, String> DEFAULTS = Map.of(
            "users", "300", "per-second", "100", "seconds", "30", "rounds", "3", "warm-up", "60", "latency", "20");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final List<String> HOT =
            List.of(Events.SUSPENDED, Events.RESUMED, Events.SESSIONS_REVOKED, Events.CREATED);

    private final int users;
    private final int perSecond;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Outcomes outcomes;
    private int sent;

    private record Waited(long p50, long p99) {}

    private HotUser(Options options, KafkaProducer<byte[], byte[]> producer, Outcomes outcomes) {
        this.users = options.number("users");
        this.perSecond = options.number("per-second");
        this.producer = producer;
        this.outcomes = outcomes;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.withJar(arguments, DEFAULTS);
        try (Deployment deployment = new Deployment(options.jar(), "none")) {
            deployment.emulator().setLatency(options.number("latency"));
            deployment.broker(List.of("-Xmx1g", "-XX:+UseParallelGC"), Deployment.NO_QUOTA);
            try (var producer = Events.producer(deployment.bootstrapServers());
                    Outcomes outcomes = new Outcomes(deployment.bootstrapServers())) {
                new HotUser(options, producer, outcomes).run(options, deployment);
            }
        }
    }

    private void run(Options options, Deployment deployment) throws IOException, InterruptedException {
        int rounds = options.number("rounds");
        int seconds = options.number("seconds");
        Report.print(
                "%s; %d users, %d events a second, %s ms per call; %d s a turn after %s s to warm up; milliseconds."
                        .formatted(
                                Report.conditions(),
                                users,
                                perSecond,
                                options.text("latency"),
                                seconds,
                                options.text("warm-up")));
        Report.print("");
        createAll(rounds);
        deployment
                .emulator()
                .faults("{\"latencyMs\":{\"fixed\":" + options.number("latency")
                        + "},\"errors\":[{\"operation\":\"delete\",\"status\":400,\"rate\":1}]}");
        turn(options.number("warm-up"), null);
        Report.head("round", "alone p50", "alone p99", "beside p50", "beside p99", "p99 moves by");
        double[] moves = new double[rounds];
        for (int round = 1; round <= rounds; round++) {
            // who goes first changes, so that what gets better or worse with time is nobody's gain
            Waited first = turn(seconds, round % 2 == 0 ? "refused-" + round : null);
            Waited second = turn(seconds, round % 2 == 0 ? null : "refused-" + round);
            Waited alone = round % 2 == 0 ? second : first;
            Waited beside = round % 2 == 0 ? first : second;
            moves[round - 1] = (double) beside.p99() / alone.p99() - 1;
            Report.row(
                    round,
                    Figures.millis(alone.p50()),
                    Figures.millis(alone.p99()),
                    Figures.millis(beside.p50()),
                    Figures.millis(beside.p99()),
                    Figures.change(moves[round - 1]));
        }
        Report.print("");
        Report.print("median: the p99 of the others moves by %s; %d events were refused, %d are dead letters"
                .formatted(Figures.change(Figures.median(moves)), rounds, outcomes.deadLetters()));
    }

    private void createAll(int rounds) throws InterruptedException {
        Map<String, Long> due = new HashMap<>();
        for (int user = 0; user < users; user++) {
            send(Events.CREATED, "user-" + user, due, System.nanoTime());
        }
        send(Events.CREATED, "hot", due, System.nanoTime());
        for (int round = 1; round <= rounds; round++) {
            send(Events.CREATED, "refused-" + round, due, System.nanoTime());
        }
        awaitOutcomes(due);
    }

    /** @param refused the user whose event ACS refuses, where the hot user is there too; else {@code null} */
    private Waited turn(int seconds, @Nullable String refused) throws InterruptedException {
        Map<String, Long> due = new HashMap<>();
        int events = seconds * perSecond;
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long now = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (System.nanoTime() < now) {
                LockSupport.parkNanos(now - System.nanoTime());
            }
            send(Events.SESSIONS_REVOKED, "user-" + i % users, due, now);
            if (refused != null) {
                var unused = producer.send(Events.of(HOT.get(i % HOT.size()), "hot"));
                if (i == events / 3) {
                    var unusedToo = producer.send(Events.of(Events.DELETED, refused));
                }
            }
        }
        Map<String, Long> seen = awaitOutcomes(due);
        long[] waited = seen.entrySet().stream()
                .mapToLong(event -> event.getValue() - due.getOrDefault(event.getKey(), event.getValue()))
                .toArray();
        return new Waited(Figures.percentile(waited, 0.5), Figures.percentile(waited, 0.99));
    }

    private void send(String type, String user, Map<String, Long> due, long now) {
        String id = "event-" + sent++;
        due.put(id, now);
        var unused = producer.send(Events.of(type, user, id, Events.NO_DATA));
    }

    private Map<String, Long> awaitOutcomes(Map<String, Long> due) throws InterruptedException {
        producer.flush();
        long limit = System.nanoTime() + PATIENCE;
        Map<String, Long> seen = outcomes.of(due.keySet());
        while (seen.size() < due.size()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        due.size() - seen.size() + " of " + due.size() + " events have no outcome");
            }
            TimeUnit.MILLISECONDS.sleep(50);
            seen = outcomes.of(due.keySet());
        }
        return seen;
    }
}
