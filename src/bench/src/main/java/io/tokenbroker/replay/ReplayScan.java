package io.tokenbroker.replay;

import io.tokenbroker.bench.harness.Options;
import io.tokenbroker.bench.harness.Report;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.embedded.EmbeddedKafka;
import io.tokenbroker.kafka.HistoryTopic;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events a second of a replay's planning: read from an embedded Kafka in this JVM, folded, and compared with an empty
 * directory; beside the reading and decoding alone.
 *
 * <p>Options: {@code --events=1000000 --users=200000 --partitions=12 --runs=5}.
 */
public final class ReplayScan {

    private static final Map<String, String> DEFAULTS =
            Map.of("events", "1000000", "users", "200000", "partitions", "12", "runs", "5");

    private ReplayScan() {}

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments, DEFAULTS);
        int events = options.number("events");
        int users = options.number("users");
        Report.print("%s; %,d events of %,d users%n".formatted(Report.conditions(), events, users));
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                HistoryTopic topic = new HistoryTopic(kafka.bootstrapServers(), options.number("partitions"))) {
            topic.write(events, users);
            Report.head(
                    "run",
                    "scanned, folded and planned, events/s",
                    "read and decoded alone, events/s",
                    "heap in use, MB");
            for (int run = 1; run <= options.number("runs"); run++) {
                double planned = perSecond(events, () -> expect(users, plan(topic)));
                long heap = Runtime.getRuntime().totalMemory()
                        - Runtime.getRuntime().freeMemory();
                double read = perSecond(events, () -> expect(events, read(topic)));
                Report.row(run, "%,.0f".formatted(planned), "%,.0f".formatted(read), "%,d".formatted(heap >> 20));
            }
        }
    }

    private static long plan(HistoryTopic topic) {
        Rules rules = new Rules(new TokenDefaults(true, Set.of("chat"), 1440), new Nobodys());
        ReplayRequest request = new ReplayRequest(
                "bench",
                Mode.PROVISION,
                topic.everything(),
                UserFilter.EVERYBODY,
                null,
                true,
                false,
                false,
                "bench",
                Instant.EPOCH);
        Ground ground = new Ground(
                topic.history(),
                (topicId, span, each) -> {},
                rules,
                new DirectoryView(),
                kind -> 1000,
                new NoResources(),
                Clock.systemUTC(),
                1);
        return Plan.of(ground.candidates(request, null, () -> {}), kind -> 1000).changes();
    }

    private static long read(HistoryTopic topic) {
        AtomicLong count = new AtomicLong();
        ScanRange range = topic.everything();
        range.spans()
                .forEach(span ->
                        topic.history().read(range.topicId(), span, false, recorded -> count.incrementAndGet()));
        return count.get();
    }

    private static double perSecond(int events, Runnable work) {
        long start = System.nanoTime();
        work.run();
        return events * 1e9 / (System.nanoTime() - start);
    }

    private static void expect(long all, long found) {
        if (found != all) {
            throw new IllegalStateException("found " + found + " of " + all);
        }
    }

    private static final class Nobodys implements IdentityOwnership {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return false;
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return Optional.empty();
        }
    }

    private static final class NoResources implements RetiringResources {
        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public boolean isRetiring(AcsIdentityId identityId) {
            return false;
        }
    }
}
