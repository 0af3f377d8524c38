package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ACS is away while events come; for how long is {@code -De2e.outage-seconds}. */
@TakesMinutes
@Timeout(400)
class OutageUnderLoadIT {

    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("e2e.outage-seconds", 15));
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PER_SECOND = 50;
    private static final String RESUMED = "tokenbroker.identity.resumed.v1";
    private static final String BATCH = "application/cloudevents-batch+json";

    @Test
    void withoutAcsIntakeLeasesStreamsAndRefusalsGoOnAndAfterItEverythingIsMadeUpFor() {
        try (Stack stack = Stack.start(OutageUnderLoadIT.class, "--quota=none")) {
            BrokerApi admin = stack.admin(stack.broker(settings()));
            List<String> suspended = suspendedUsers(admin);
            admin.createAndWait("leaving");
            admin.createAndWait("staying");
            String leased = admin.token("staying").expect(BrokerApi.OK).text("token");
            try (EventStream tokens = EventStream.open(admin, BrokerApi.user("staying") + "/tokens/stream", "");
                    EventStream stream = EventStream.open(admin, "/v1/token-events?type=" + RESUMED, "");
                    PacedWriter load = new PacedWriter(
                            stack.producer(),
                            UserEvent.comingAndGoing("load-", 100).map(UserEvent::binary),
                            PER_SECOND)) {
                awaitWork(stack);

                stack.acs().kill();
                admin.delete("leaving");
                awaitState(admin, "outage");
                for (String user : suspended) {
                    await().pollDelay(OUTAGE.dividedBy(suspended.size())).until(() -> true);
                    assertThat(admin.token(user).status()).isEqualTo(BrokerApi.FORBIDDEN);
                    admin.publish(
                                    BATCH,
                                    "[" + UserEvent.created("by-http-" + user).structuredJson() + "]")
                            .expect(BrokerApi.ACCEPTED);
                    admin.send("POST", BrokerApi.user(user) + "/resume", Map.of())
                            .expect(BrokerApi.ACCEPTED);
                    await("told by the stream that " + user + " is back")
                            .atMost(SOON)
                            .until(() -> tells(stream, user));
                    assertThat(admin.token("leaving").status()).isEqualTo(BrokerApi.NOT_FOUND);
                    assertThat(admin.token("staying").expect(BrokerApi.OK).text("token"))
                            .isEqualTo(leased);
                    assertThat(acsState(admin)).isEqualTo("outage");
                    admin.send("GET", "/actuator/health/readiness", Map.of()).expect(BrokerApi.OK);
                }
                long waiting = (long) admin.metric("tokenbroker_acs_waiting", "priority=\"live\"");
                stack.acsBack("--quota=none");
                awaitState(admin, "up");
                load.stop();

                Oracle.awaitAgreement(
                        stack,
                        admin,
                        Duration.ofSeconds(90),
                        oracle -> assertThat(oracle.log().wanted()).contains("by-http-" + suspended.getLast()));
                assertThat(stream.hasEnded()).isFalse();
                assertThat(tokens.hasEnded()).isFalse();
                assertThat(tokens.events()).extracting(EventLines.Event::name).containsExactly("token");
                assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
                System.out.printf("after %s without ACS %d calls waited%n", OUTAGE, waiting);
            }
        }
    }

    /** A budget that is used up at once if an outage counted against it. */
    private static List<String> settings() {
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.pipeline.retry.max-attempts=2");
        settings.add("--tokenbroker.pipeline.retry.first-backoff=50ms");
        settings.add("--tokenbroker.pipeline.retry.max-backoff=100ms");
        return settings;
    }

    /** What is told of them when they come back needs no call. */
    private static List<String> suspendedUsers(BrokerApi admin) {
        List<String> users =
                IntStream.range(0, 10).mapToObj(i -> "suspended-" + i).toList();
        users.forEach(admin::createAndWait);
        users.forEach(user -> admin.doAndWait(user, "suspend"));
        return users;
    }

    private static boolean tells(EventStream stream, String user) {
        return stream.events().stream()
                .anyMatch(event -> event.json().at("/data/userId").asString("").equals(user));
    }

    private static void awaitWork(Stack stack) {
        long before = stack.emulator().calls("createUserAndToken");
        await("work at ACS")
                .atMost(SOON)
                .until(() -> stack.emulator().calls("createUserAndToken") > before + PER_SECOND);
    }

    private static void awaitState(BrokerApi admin, String state) {
        await("health says " + state)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> acsState(admin).equals(state));
    }

    private static String acsState(BrokerApi admin) {
        return admin.health().at("/components/acs/details/state").asString("");
    }
}
