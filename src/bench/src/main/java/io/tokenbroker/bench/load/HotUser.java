package io.tokenbroker.bench.load;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * What everybody else has of one user with half of all events, among whose neighbours is one whose event ACS refuses for
 * good: the time from when an event was due to be appended to when a reader of committed records has its outcome, by
 * turns, in one run. In an even turn nobody is hot and the events are as many, so that what differs is the hot user; in
 * a quiet turn there are none but everybody else's, so that what differs is the load as well.
 *
 * <p>Everybody else's events revoke their sessions, one call to ACS each. Options: {@code --users= --per-second=
 * --seconds= --rounds= --warm-up= --latency=}, as many events a second again being the hot user's.
 */
public final class HotUser {

    private static final Map<String, String> DEFAULTS = Map.of(
            "users", "300", "per-second", "100", "seconds", "30", "rounds", "3", "warm-up", "60", "latency", "20");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final List<Turn> TURNS = List.of(Turn.QUIET, Turn.EVEN, Turn.HOT);
    private static final List<String> HOT =
            List.of(Events.SUSPENDED, Events.RESUMED, Events.SESSIONS_REVOKED, Events.CREATED);

    private final int users;
    private final int perSecond;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Outcomes outcomes;
    private int sent;

    private enum Turn {
        QUIET,
        EVEN,
        HOT
    }

    private record Waited(long p50, long p99) {
        double movesFrom(Waited other) {
            return (double) p99 / other.p99 - 1;
        }
    }

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
        turn(Turn.EVEN, options.number("warm-up"), "");
        Report.head(
                "round",
                "quiet p50",
                "quiet p99",
                "even p50",
                "even p99",
                "hot p50",
                "hot p99",
                "from even",
                "from quiet");
        double[] fromEven = new double[rounds];
        double[] fromQuiet = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Waited[] waited = new Waited[TURNS.size()];
            for (int i = 0; i < waited.length; i++) {
                // who goes first changes, so that what gets better or worse with time is nobody's gain
                int turn = (round + i) % waited.length;
                waited[turn] = turn(TURNS.get(turn), seconds, "refused-" + round);
            }
            Waited quiet = waited[0];
            Waited even = waited[1];
            Waited hot = waited[2];
            fromEven[round] = hot.movesFrom(even);
            fromQuiet[round] = hot.movesFrom(quiet);
            List<Object> row = new ArrayList<>(List.of(round + 1));
            for (Waited turn : waited) {
                row.add(Figures.millis(turn.p50()));
                row.add(Figures.millis(turn.p99()));
            }
            row.add(Figures.change(fromEven[round]));
            row.add(Figures.change(fromQuiet[round]));
            Report.row(row.toArray());
        }
        Report.print("");
        Report.print("median: the p99 of the others moves by %s, and by %s where the load doubles as well"
                .formatted(Figures.change(Figures.median(fromEven)), Figures.change(Figures.median(fromQuiet))));
        Report.print("%d events were refused, %d are dead letters".formatted(rounds, outcomes.deadLetters()));
    }

    private void createAll(int rounds) throws InterruptedException {
        Map<String, Long> due = new HashMap<>();
        for (int user = 0; user < users; user++) {
            send(Events.CREATED, "user-" + user, due, System.nanoTime());
        }
        send(Events.CREATED, "hot", due, System.nanoTime());
        for (int round = 0; round < rounds; round++) {
            send(Events.CREATED, "refused-" + round, due, System.nanoTime());
        }
        awaitOutcomes(due);
    }

    /** @param refused the user whose event ACS refuses, where the hot user is there too */
    private Waited turn(Turn turn, int seconds, String refused) throws InterruptedException {
        Map<String, Long> due = new HashMap<>();
        int perSecondInAll = turn == Turn.QUIET ? perSecond : 2 * perSecond;
        int events = seconds * perSecondInAll;
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long now = start + i * TimeUnit.SECONDS.toNanos(1) / perSecondInAll;
            while (System.nanoTime() < now) {
                LockSupport.parkNanos(now - System.nanoTime());
            }
            if (turn == Turn.HOT && i % 2 == 1) {
                var unused = producer.send(Events.of(HOT.get(i / 2 % HOT.size()), "hot"));
            } else {
                send(Events.SESSIONS_REVOKED, "user-" + (turn == Turn.HOT ? i / 2 : i) % users, due, now);
            }
            if (turn == Turn.HOT && i == events / 3) {
                var unused = producer.send(Events.of(Events.DELETED, refused));
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
