package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@TakesMinutes
@Timeout(300)
class KillIT {

    private static final int USERS = Integer.getInteger("e2e.kill-users", 5_000);
    private static final int KILLS = Integer.getInteger("e2e.kills", 5);
    private static final int PER_SECOND = 200;
    /** A deletion follows when that many others were created since. */
    private static final int LAG = 300;

    @Test
    void eachUserHasOneIdentityOrNoneAsTheLogSaysThoughTheBrokerIsKilledAgainAndAgain() {
        long seed = Long.getLong("e2e.seed", System.nanoTime());
        System.out.println("-De2e.seed=" + seed);
        Random random = new Random(seed);
        try (Stack stack = Stack.start(KillIT.class, "--quota=none")) {
            stack.emulator().faults("{\"latencyMs\":{\"fixed\":20}}");
            BrokerProcess broker = stack.broker(Stack.NO_QUOTA);
            BrokerApi admin = stack.admin(broker);

            try (PacedWriter writer = new PacedWriter(stack.producer(), usersThatComeAndHalfOfThemGo(), PER_SECOND)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    atWork(stack, Duration.ofMillis(random.nextInt(2_000)));
                    broker.kill();
                    broker.startAgain().awaitReady();
                }
                writer.await();
            }

            Oracle oracle = Oracle.awaitAgreement(stack, admin, Duration.ofSeconds(90));
            assertThat(oracle.log().users()).hasSize(USERS);
            assertThat(oracle.log().wanted()).hasSize(USERS / 2);
            assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
            System.out.printf(
                    "%d live identities, %d of them nobody's, %d orphans named%n",
                    oracle.ledger().live().size(),
                    oracle.unclaimed().size(),
                    oracle.orphans().size());
        }
    }

    /** Returns when the broker has had work done at ACS for that long. */
    private static void atWork(Stack stack, Duration time) {
        long before = callsSoFar(stack);
        await("the broker at work")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> callsSoFar(stack) > before + 50);
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    private static long callsSoFar(Stack stack) {
        return stack.emulator().calls("createUserAndToken") + stack.emulator().calls("delete");
    }

    private static Stream<ProducerRecord<byte[], byte[]>> usersThatComeAndHalfOfThemGo() {
        Stream<UserEvent> all = IntStream.range(0, USERS + LAG)
                .boxed()
                .flatMap(i -> Stream.concat(
                        i < USERS ? Stream.of(UserEvent.created("user-" + i)) : Stream.of(),
                        i >= LAG && i % 2 == 0 ? Stream.of(UserEvent.deleted("user-" + (i - LAG))) : Stream.of()));
        return all.map(UserEvent::binary);
    }
}
