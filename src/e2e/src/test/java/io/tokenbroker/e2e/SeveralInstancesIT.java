package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
@Order(4)
@TakesMinutes
class SeveralInstancesIT {

    private static final int LAG = 200;

    private static Stack stack;
    private static BrokerProcess one;
    private static BrokerProcess other;

    @BeforeAll
    static void start() {
        stack = Stack.start(SeveralInstancesIT.class, "--quota=none");
        one = stack.starting(Stack.NO_QUOTA);
        other = stack.starting(Stack.NO_QUOTA);
        one.awaitReady();
        other.awaitReady();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void instancesThatComeAndGoUnderLoadLeaveEachUserWithOneIdentityOrNone() {
        stack.emulator().faults("{\"latencyMs\":{\"fixed\":20}}");
        Stream<ProducerRecord<byte[], byte[]>> load =
                UserEvent.comingAndGoing("load-", LAG).map(UserEvent::binary);

        try (PacedWriter writer = new PacedWriter(stack.producer(), load, 100)) {
            awaitCalls(100);
            one.kill();
            awaitCalls(100);
            one.startAgain().awaitReady();
            awaitCalls(100);
            other.stop();
            awaitCalls(100);
            other.startAgain().awaitReady();
            awaitCalls(100);
            writer.stop();
        }
        stack.emulator().noFaults();

        Oracle oracle = Oracle.awaitAgreement(
                stack,
                stack.admin(one),
                Duration.ofSeconds(60),
                now -> assertThat(now.log().users().stream().filter(user -> user.startsWith("load-")))
                        .hasSizeGreaterThan(500));
        assertThat(stack.admin(other).orphans()).hasSameSizeAs(oracle.orphans());
        assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void whatOneInstanceHasDoneEveryOtherKnowsAtOnce() {
        BrokerApi here = stack.admin(one);
        BrokerApi there = stack.admin(other);
        for (int i = 0; i < 10; i++) {
            String user = "known-" + i;

            String identity = here.createAndWait(user).text("identityId");
            assertThat(there.token(user).expect(BrokerApi.OK).text("identityId"))
                    .isEqualTo(identity);
            assertThat(there.get(user).expect(BrokerApi.OK).text("identityId")).isEqualTo(identity);

            there.doAndWait(user, "suspend");
            assertThat(here.token(user).status()).isEqualTo(BrokerApi.FORBIDDEN);

            here.doAndWait(user, "resume");
            there.token(user).expect(BrokerApi.OK);

            there.deleteAndWait(user);
            assertThat(here.token(user).status()).isEqualTo(BrokerApi.NOT_FOUND);
            BrokerApi swap = here;
            here = there;
            there = swap;
        }
    }

    /** Returns when so many more creates were asked for than until now. */
    private static void awaitCalls(int count) {
        long before = stack.emulator().calls("createUserAndToken");
        await("work")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> stack.emulator().calls("createUserAndToken") >= before + count);
    }
}
