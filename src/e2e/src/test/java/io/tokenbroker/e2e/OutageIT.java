package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@TakesMinutes
class OutageIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int UNAVAILABLE = 503;

    private static final String NOT_LEASED = "{\"scopes\":[\"chat\"]}";

    private static Stack stack;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(OutageIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        // a budget that is used up at once if an outage counted against it
        settings.add("--tokenbroker.pipeline.retry.max-attempts=2");
        settings.add("--tokenbroker.pipeline.retry.first-backoff=50ms");
        settings.add("--tokenbroker.pipeline.retry.max-backoff=100ms");
        admin = stack.admin(stack.broker(settings));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void aDeletionIsInForceAtOnceThoughAcsIsAwayAndReachesAcsOnceItIsBack() {
        String identity = admin.createAndWait("ann").text("identityId");
        admin.createAndWait("cid");
        admin.createAndWait("dan");
        admin.token("ann").expect(BrokerApi.OK);

        stack.acs().kill();
        admin.delete("ann");
        awaitNoTokenThoughAcsIsAway("ann");
        assertThat(admin.get("ann").expect(BrokerApi.OK).text("state")).isEqualTo("deleting");

        admin.create("bob");
        awaitOutage();
        admin.token("cid").expect(BrokerApi.OK);
        assertThat(admin.token("cid", NOT_LEASED).expect(UNAVAILABLE).headers().firstValue("Retry-After"))
                .isPresent();
        assertReady();
        assertThat(admin.get("bob").text("identityId")).isEmpty();
        admin.delete("dan");
        awaitNoTokenThoughAcsIsAway("dan");

        stack.acsBack("--quota=none");

        Oracle oracle = awaitAgreementOn("bob", "cid");
        assertThat(oracle.ledger().identity(identity).deleted()).isTrue();
        assertThat(oracle.outcomes().of("ann", Outcomes.DELETED)).hasSize(1);
        assertThat(admin.get("ann").text("state")).isEqualTo("deleted");
        admin.token("bob").expect(BrokerApi.OK);
        awaitNoOutage();
        assertNothingWasGivenUp();
    }

    @Test
    void withAWrongKeyEverythingWaitsAndWithTheRightOneItGoesOn() {
        String key = stack.emulator().accessKey();
        String identity = admin.createAndWait("amy").text("identityId");

        stack.acsBack("--quota=none", "--access-key=" + anotherKey());
        admin.create("ben");
        admin.delete("amy");

        awaitOutage();
        assertThat(admin.health().at("/components/acs/details/code").asString(""))
                .isEqualTo("Denied");
        assertThat(admin.metric("tokenbroker_acs_outage")).isEqualTo(1);
        assertThat(admin.token("amy").status()).isEqualTo(BrokerApi.NOT_FOUND);
        assertReady();
        long before = stack.emulator().calls("createUserAndToken");
        await("more attempts than the budget has")
                .atMost(SOON)
                .until(() -> callsThatFailed() >= 4 || stack.emulator().calls("createUserAndToken") > before + 3);

        stack.acsBack("--quota=none", "--access-key=" + key);

        Oracle oracle = awaitAgreementOn("ben");
        assertThat(oracle.ledger().identity(identity).deleted()).isTrue();
        awaitNoOutage();
        assertNothingWasGivenUp();
    }

    private static void awaitNoTokenThoughAcsIsAway(String deleted) {
        await("no token for a deleted user")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> admin.token(deleted).status() == BrokerApi.NOT_FOUND);
    }

    private static double callsThatFailed() {
        return admin.metric("tokenbroker_acs_calls_seconds_count")
                - admin.metric("tokenbroker_acs_calls_seconds_count", "outcome=\"success\"");
    }

    private static Oracle awaitAgreementOn(String... wanted) {
        return Oracle.awaitAgreement(
                stack, admin, SOON, oracle -> assertThat(oracle.log().wanted()).contains(wanted));
    }

    private static void awaitOutage() {
        await("the outage in health")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> acsState().equals("outage"));
    }

    private static void awaitNoOutage() {
        await("the end of the outage in health")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> acsState().equals("up"));
    }

    private static String acsState() {
        return admin.health().at("/components/acs/details/state").asString("");
    }

    private static void assertReady() {
        admin.send("GET", "/actuator/health/readiness", Map.of()).expect(BrokerApi.OK);
    }

    private static void assertNothingWasGivenUp() {
        assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
    }

    private static String anotherKey() {
        return Base64.getEncoder().encodeToString(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    }
}
