package io.tokenbroker.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.bench.harness.Figures;
import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.utils.Utils;

/**
 * How much of Azure's quota two instances use, how often they exceed it, and how long a caller waits for a token while
 * events wait for the quota.
 *
 * <p>The quota is 1,000 calls in any 30 seconds, so of n creates that all wait at once, the quota allows 1,000 at once,
 * 2,000 within 30 s of the first, 3,000 within 60 s, and so on: the last of 3,000 can be made 60 s after the first, and
 * no sooner. Two instances share it by partitions. {@code --spread=even}, the default, has as many users in each
 * partition; with {@code hash} they are wherever their ids put them, and the instance that has a few more needs another
 * 30 s for those.
 *
 * <p>Options: {@code --users= --warm-up= --spread=}.
 */
public final class Quota {

    private static final String CREATE = "createUserAndToken";
    private static final String CALLER = "caller";
    private static final int ALLOWED = 1000;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);
    private static final int PARTITIONS = 12;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(5);

    private final Deployment deployment;
    private final List<Broker> brokers;
    private final int users;
    private final int warmUp;
    /** When each create was seen to be done. */
    private final List<Long> doneAt = new ArrayList<>();

    private final List<Long> tokenNanos = new ArrayList<>();
    private long before;

    private Quota(Deployment deployment, List<Broker> brokers, int users, int warmUp) {
        this.deployment = deployment;
        this.brokers = brokers;
        this.users = users;
        this.warmUp = warmUp;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.withJar(arguments, Map.of("users", "3000", "warm-up", "3000", "spread", "even"));
        List<String> jvm = List.of("-Xmx512m", "-XX:+UseParallelGC");
        List<String> settings = List.of("--tokenbroker.tokens.max-per-user-per-minute=10000");
        try (Deployment deployment = new Deployment(options.jar(), "azure")) {
            List<Broker> brokers = List.of(deployment.broker(jvm, settings), deployment.broker(jvm, settings));
            try (var producer = Events.producer(deployment.bootstrapServers())) {
                new Quota(deployment, brokers, options.number("users"), options.number("warm-up"))
                        .run(producer, ids(options.number("users"), options.text("spread")));
            }
        }
    }

    private void run(KafkaProducer<byte[], byte[]> producer, List<String> ids)
            throws IOException, InterruptedException {
        awaitBalance();
        warmUp(producer);
        before = deployment.emulator().count(CREATE, "successes");
        for (String id : ids) {
            var unusedToo = producer.send(Events.of(Events.CREATED, id));
        }
        producer.flush();
        watch();
        report();
    }

    /** The same before it counts, so that what is measured is not the compiler; and then a window without any. */
    private void warmUp(KafkaProducer<byte[], byte[]> producer) throws IOException, InterruptedException {
        var unused = producer.send(Events.of(Events.CREATED, CALLER));
        for (int i = 1; i < warmUp; i++) {
            var unusedToo = producer.send(Events.of(Events.CREATED, "early-" + i));
        }
        producer.flush();
        long limit = System.nanoTime() + PATIENCE;
        while (deployment.emulator().count(CREATE, "successes") < warmUp) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("the first creates are not done");
            }
            for (Broker broker : brokers) {
                broker.requestToken(CALLER);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        TimeUnit.NANOSECONDS.sleep(WINDOW + TimeUnit.SECONDS.toNanos(5));
    }

    private void awaitBalance() throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE;
        while (brokers.get(0).partitions() != PARTITIONS / 2 || brokers.get(1).partitions() != PARTITIONS / 2) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("the partitions were not shared out");
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Counts what is done ten times a second, and asks for a token once a second, of one instance after the other. */
    private void watch() throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE;
        for (int tick = 0; doneAt.size() < users; tick++) {
            long done = deployment.emulator().count(CREATE, "successes") - before;
            long now = System.nanoTime();
            while (doneAt.size() < done) {
                doneAt.add(now);
            }
            if (now > limit) {
                throw new IllegalStateException(users - done + " users still wait");
            }
            if (tick % 10 == 5) {
                int status = brokers.get(tick / 10 % 2).requestToken(CALLER);
                tokenNanos.add(System.nanoTime() - now);
                if (status != 200) {
                    throw new IllegalStateException("a token request was answered " + status);
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void report() throws IOException, InterruptedException {
        long first = doneAt.getFirst();
        Report.print(
                "%s; %d creates, %d allowed in any 30 s, two instances".formatted(Report.conditions(), users, ALLOWED));
        Report.print("");
        Report.head("seconds after the first", "creates done", "allowed", "of the allowed");
        for (long allowed = ALLOWED, end = WINDOW; ; allowed += ALLOWED, end += WINDOW) {
            long until = first + end;
            long done = doneAt.stream().filter(at -> at < until).count();
            long most = Math.min(allowed, users);
            Report.row(end / 1_000_000_000, done, most, "%.1f %%".formatted(100.0 * done / most));
            if (done == users) {
                break;
            }
        }
        double earliest = Math.floorDiv(users - 1, ALLOWED) * 30.0;
        double last = (doneAt.getLast() - first) / 1e9;
        double most = (doneAt.get((int) (0.95 * users) - 1) - first) / 1e9;
        long refused = deployment.emulator().count(CREATE, "throttled");
        Report.print("");
        Report.print("the last was done after %.1f s, and can be after %.0f s: %.1f %%; 95 %% were done after %.1f s"
                .formatted(last, earliest, 100 * earliest / last, most));
        Report.print("%d of %d creates were answered 429: %.2f %%"
                .formatted(refused, users + refused, 100.0 * refused / (users + refused)));
        long[] waited = tokenNanos.stream().mapToLong(Long::longValue).toArray();
        Report.print("%d token requests meanwhile, milliseconds: p50 %s, longest %s"
                .formatted(
                        waited.length,
                        Figures.millis(Figures.percentile(waited, 0.5)),
                        Figures.millis(Figures.percentile(waited, 1))));
    }

    private static List<String> ids(int users, String spread) {
        if (spread.equals("hash")) {
            return IntStream.range(0, users).mapToObj(i -> "user-" + i).toList();
        }
        if (!spread.equals("even")) {
            throw new IllegalArgumentException("--spread is " + spread + "; allowed: even, hash");
        }
        int[] room = new int[PARTITIONS];
        Arrays.fill(room, users / PARTITIONS);
        for (int i = 0; i < users % PARTITIONS; i++) {
            room[i]++;
        }
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "user-" + i)
                .filter(id -> room[partitionOf(id)]-- > 0)
                .limit(users)
                .toList();
    }

    private static int partitionOf(String id) {
        byte[] key = id.getBytes(UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % PARTITIONS;
    }
}
