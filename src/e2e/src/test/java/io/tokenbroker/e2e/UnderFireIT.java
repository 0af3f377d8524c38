package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.Fleet.Instance;
import io.tokenbroker.e2e.Watch.Pause;
import io.tokenbroker.e2e.Watch.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three instances at work while things go wrong, one after the other: which, when and to whom comes from a seed. {@code
 * -De2e.seed=} repeats what was printed, {@code -De2e.faults=} says how many, {@code -De2e.fault=} that it is always that
 * one.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
@Order(1)
class UnderFireIT {
    private static final int INSTANCES = 3;
    private static final int EVENTS_PER_SECOND = 80;
    private static final int FEW = 3;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Path TABLE = FastStart.LOGS.resolve("under-fire.md");

    private final Deque<Fault> deck = new ArrayDeque<>();
    private final List<Window> excused = new ArrayList<>();

    @Test
    void nothingIsLostAndNothingIsDoubled() throws Exception {
        long seed = Long.getLong("e2e.seed", System.nanoTime());
        int faults = Integer.getInteger("e2e.faults", FEW);
        System.out.println("-De2e.seed=" + seed + " -De2e.faults=" + faults);
        Random random = new Random(seed);
        try (Fleet fleet = Fleet.start(UnderFireIT.class, INSTANCES);
                Lag lag = new Lag(fleet.stack());
                Watch watch = new Watch(fleet.stack())) {
            try (FaultLoad load = new FaultLoad(fleet.stack(), new Random(random.nextLong()), EVENTS_PER_SECOND)) {
                awaitCalm(lag);
                await("work on every partition").atMost(RECOVERY).until(watch::sawAllMove);
                begin("seed " + seed + ", " + INSTANCES + " instances, " + EVENTS_PER_SECOND + " events/s");
                for (int i = 1; i <= faults; i++) {
                    strike(i, faults, fleet, lag, random);
                }
                load.stop();
            }
            judge(fleet, watch);
        }
    }

    private void strike(int number, int faults, Fleet fleet, Lag lag, Random random) throws IOException {
        Fault fault = next(faults, random);
        Instance instance = fleet.members().get(random.nextInt(INSTANCES));
        Instant from = Instant.now();
        fault.strike(fleet, instance, random);
        fleet.members().forEach(Instance::recover);
        Instant over = Instant.now();
        if (fault.hits() == Fault.Hits.ALL) {
            excused.add(new Window(from, over));
        }
        awaitCalmOrTell(fault, fleet, lag);
        write("| %d | %s | %s | %.1f | %.1f |"
                .formatted(
                        number,
                        fault.label(),
                        fault.hits() == Fault.Hits.ONE ? instance.name() : "",
                        Duration.between(from, over).toMillis() / 1000.0,
                        Duration.between(over, Instant.now()).toMillis() / 1000.0));
    }

    /** Each once, in any order, before any comes again. */
    private Fault next(int faults, Random random) {
        if (deck.isEmpty()) {
            String only = System.getProperty("e2e.fault", "");
            List<Fault> all = new ArrayList<>(only.isEmpty() ? List.of(Fault.values()) : List.of(Fault.valueOf(only)));
            if (only.isEmpty() && faults <= FEW) {
                all.remove(Fault.ACS_AWAY_FOR_A_MINUTE);
            }
            Collections.shuffle(all, random);
            deck.addAll(all);
        }
        return deck.removeFirst();
    }

    private static void awaitCalmOrTell(Fault fault, Fleet fleet, Lag lag) throws IOException {
        try {
            awaitCalm(lag);
        } catch (ConditionTimeoutException e) {
            fleet.keepMetrics();
            throw new AssertionError("still behind " + RECOVERY + " after: " + fault.label(), e);
        }
    }

    /** What is behind is what is being worked on, by each instance: a fault that hits one without a partition hits nothing. */
    private static void awaitCalm(Lag lag) {
        await("the end of the backlog, and a share of the work for each")
                .atMost(RECOVERY)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> lag.records() < EVENTS_PER_SECOND * 2 && lag.isSharedBy(INSTANCES));
    }

    private void judge(Fleet fleet, Watch watch) throws IOException {
        Stack stack = fleet.stack();
        BrokerApi admin = stack.admin(fleet.members().getFirst().process());
        Oracle oracle = Oracle.awaitAgreement(stack, admin, Duration.ofMinutes(2));
        CallOrder order = new CallOrder(fleet.callLog(), watch);
        List<Pause> pauses = watch.pauses();
        Duration longest = pauses.stream()
                .map(pause -> pause.lengthWithout(excused))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        write("");
        write(
                "%d users, %d of them exist; %s; %d live identities of nobody's, %d possible orphans listed; longest pause of a partition %.1f s"
                        .formatted(
                                oracle.log().users().size(),
                                oracle.log().wanted().size(),
                                order,
                                oracle.unclaimed().size(),
                                oracle.orphans().size(),
                                longest.toMillis() / 1000.0));

        assertThat(order.violations()).as("order of calls").isEmpty();
        assertThat(watch.toldTwice()).as("outcomes told twice").isEmpty();
        assertThat(Writers.of(stack.kafka(), Topic.INTENTS).values())
                .as("writers of each partition, of whom the later fence the earlier")
                .isNotEmpty()
                .allMatch(ids -> ids.size() == 1);
        assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS))
                .as("dead letters")
                .isEmpty();
        assertThat(pauses)
                .as("pauses that a live instance could have avoided")
                .allMatch(pause -> pause.lengthWithout(excused).compareTo(LONGEST_PAUSE) <= 0);
    }

    private static void begin(String title) throws IOException {
        Files.deleteIfExists(TABLE);
        write(title);
        write("");
        write("| # | fault | instance | lasted, s | until nothing was behind, s |");
        write("|---|---|---|---|---|");
    }

    private static void write(String line) throws IOException {
        System.out.println(line);
        Files.writeString(TABLE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
