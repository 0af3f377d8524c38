package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three instances restarted one after the other under load, as an upgrade does, each coming back with the other one of the
 * resource's two keys; then the first key is made anew.
 */
@TakesMinutes
@Timeout(360)
class RollingIT {
    private static final int INSTANCES = 3;
    private static final int STREAMS = Integer.getInteger("e2e.rolling-streams", 500);
    private static final int PER_SECOND = Integer.getInteger("e2e.rolling-events", 200);
    private static final String[] LIFE = {UserEvent.CREATED, UserEvent.SESSIONS_REVOKED, UserEvent.DELETED};

    private static Stack stack;
    private static String firstKey;
    private static String otherKey;
    private static List<BrokerProcess> brokers;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        stack = Stack.start(RollingIT.class, "--quota=none");
        stack.emulator().faults("{\"latencyMs\":{\"fixed\":20}}");
        firstKey = stack.emulator().connectionString();
        otherKey = stack.emulator().secondaryConnectionString();
        Path authority =
                Files.writeString(folder.resolve("ca.pem"), stack.emulator().certificateAuthority());
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.acs.resources[0].state=current");
        settings.add("--tokenbroker.acs.resources[0].connection-string=" + firstKey);
        settings.add("--tokenbroker.acs.trusted-certificates=" + authority);
        brokers = IntStream.range(0, INSTANCES)
                .mapToObj(i -> stack.starting(settings))
                .toList();
        brokers.forEach(BrokerProcess::awaitReady);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void anUpgradeAndTheRotationOfTheKeyLoseNothingAndLeaveNobodyBehind() {
        List<String> addresses = brokers.stream().map(BrokerProcess::address).toList();
        Rotation rotation = new Rotation(addresses);
        stack.admin(brokers.getFirst()).createAndWait("caller");

        try (Followers followers = new Followers(rotation, accessTokens());
                PacedWriter load = new PacedWriter(stack.producer(), livesOfEverybody(), PER_SECOND);
                Callers callers = new Callers(rotation, address -> stack.user(address, "caller"), "caller", 20)) {
            for (BrokerProcess broker : brokers) {
                awaitWork();
                rotation.remove(broker.address());
                broker.stop();
                broker.startAgain(argument -> argument.replace(firstKey, otherKey))
                        .awaitReady();
                rotation.add(broker.address());
            }
            awaitWork();
            stack.emulator().regeneratePrimaryKey();
            awaitWork();
            load.stop();

            BrokerApi admin = stack.admin(brokers.getLast());
            Oracle oracle = Oracle.awaitAgreement(stack, admin, Duration.ofSeconds(60));
            followers.awaitTold(oracle.outcomes());
            System.out.printf(
                    "%d users, %d outcomes; %d streams ended, %d of them after a drain; %d requests, %d asked to come again%n",
                    oracle.log().users().size(),
                    oracle.outcomes().all().size(),
                    followers.ends(),
                    followers.drains(),
                    callers.answered(),
                    callers.later());
            assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
            assertThat(callers.failures()).isEmpty();
            assertThat(callers.answered()).isPositive();
            assertThat(followers.ends()).isGreaterThanOrEqualTo(STREAMS);
            // but for those that were just being opened
            assertThat(followers.drains()).isGreaterThan(followers.ends() * 9 / 10);
            assertThat(followers.lost()).isZero();
            for (BrokerProcess broker : brokers) {
                assertThat(stack.admin(broker).metric("tokenbroker_acs_calls_seconds_count", "misconfigured"))
                        .isZero();
            }
        }
    }

    /** Returns when a second's worth of calls were made since. */
    private static void awaitWork() {
        long before = calls();
        await("ACS being called")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> calls() >= before + PER_SECOND);
    }

    private static long calls() {
        Emulator emulator = stack.emulator();
        return emulator.calls("createUserAndToken") + emulator.calls("revoke") + emulator.calls("delete");
    }

    private static Map<String, String> accessTokens() {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (int i = 0; i < STREAMS; i++) {
            tokens.put("user-" + i, Stack.accessToken(stack.issuer(), "user-" + i, ""));
        }
        return tokens;
    }

    /** Each comes, signs out everywhere, goes, and comes back, for as long as it takes. */
    private static Stream<ProducerRecord<byte[], byte[]>> livesOfEverybody() {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> UserEvent.of(LIFE[i / STREAMS % LIFE.length], "user-" + i % STREAMS)
                        .binary());
    }
}
