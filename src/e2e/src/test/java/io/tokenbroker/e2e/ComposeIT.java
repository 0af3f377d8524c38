package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The system as it is composed of containers. */
@Timeout(420)
@ExtendWith(Composition.Needed.class)
@Order(2)
class ComposeIT {
    private static final int LAG = 200;

    private static Composition composition;

    @BeforeAll
    static void up() {
        composition = Composition.up();
    }

    @AfterAll
    static void down() {
        if (composition != null) {
            composition.close();
        }
    }

    @Test
    void theWalkthroughPlaysThroughIt() {
        String port = URI.create(composition.addresses().getFirst()).getPort() + "";
        try (LocalProcess walkthrough = LocalProcess.startJar(
                FastStart.LOGS.resolve("ComposeIT-walkthrough.log"),
                List.of("--parts=none", "--walkthrough", "--broker-port=" + port))) {
            assertThat(walkthrough.awaitExit(Duration.ofSeconds(60)))
                    .as("%s", walkthrough.output())
                    .isZero();
            assertThat(walkthrough.output()).contains("Deleted the identity with ID: 8:acs:");
        }
    }

    @Test
    void ofThreeBrokersOneIsKilledUnderLoadAndNothingIsLost() {
        composition.brokers(3);
        List<String> addresses = composition.addresses();
        assertThat(addresses).hasSize(3);
        var load = UserEvent.comingAndGoing("composed-", LAG).map(UserEvent::binary);

        try (PacedWriter writer = new PacedWriter(Stack.producer(Composition.KAFKA, Map.of()), load, 25)) {
            awaitCalls(100);
            composition.kill(addresses.getFirst());
            awaitCalls(300);
            writer.stop();
        }

        BrokerApi survivor =
                new BrokerApi(addresses.getLast(), Stack.accessToken(Composition.ISSUER, "admin", Stack.ALL_ROLES));
        Oracle oracle = Oracle.awaitAgreement(
                Composition.KAFKA, Composition.EMULATOR, survivor, Duration.ofSeconds(60), anything -> {});
        assertThat(oracle.log().users()).hasSizeGreaterThan(200);
        assertThat(Topic.read(Composition.KAFKA, Topic.DEAD_LETTERS)).isEmpty();
        assertThat(composition.addresses()).hasSize(2);
        System.out.printf(
                "3 brokers, one killed: %d users, %d live identities, %d of them nobody's%n",
                oracle.log().users().size(),
                oracle.ledger().live().size(),
                oracle.unclaimed().size());
    }

    private static void awaitCalls(long more) {
        long before = calls();
        await("ACS being called")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> calls() >= before + more);
    }

    private static long calls() {
        return Composition.EMULATOR.calls("createUserAndToken") + Composition.EMULATOR.calls("delete");
    }
}
