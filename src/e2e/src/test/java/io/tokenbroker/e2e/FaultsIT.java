package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@TakesMinutes
@Timeout(180)
class FaultsIT {

    private static final int USERS = 200;
    private static final int GONE = 80;

    private static Stack stack;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(FaultsIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.acs.call-timeout=2s");
        // three faults in ten calls are a matter of chance: so many in a row are not
        settings.add("--tokenbroker.pipeline.retry.max-attempts=30");
        settings.add("--tokenbroker.pipeline.retry.first-backoff=50ms");
        settings.add("--tokenbroker.pipeline.retry.max-backoff=500ms");
        admin = stack.admin(stack.broker(settings));
    }

    @AfterEach
    void heal() {
        stack.emulator().noFaults();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void throttledCallsAreMadeAgainWhetherAcsSaysWhenOrNot() {
        stack.emulator().faults("""
                        {"errors": [
                          {"operation": "createUserAndToken", "status": 429, "rate": 0.02, "retryAfterSeconds": 1},
                          {"operation": "createUserAndToken", "status": 429, "rate": 0.02},
                          {"operation": "delete", "status": 429, "rate": 0.03}
                        ], "seed": 1}""");

        awaitUsersThatComeAndGo("throttled");

        assertThat(admin.metric("tokenbroker_acs_throttled_total")).isPositive();
        assertThat(stack.emulator().calls().at("/createUserAndToken/throttled").asLong(0))
                .isPositive();
    }

    @Test
    void callsThatFailAtRandomAreMadeAgain() {
        double before = admin.metric("tokenbroker_pipeline_retries_total");
        stack.emulator().faults("{\"errors\":[{\"operation\":\"*\",\"status\":500,\"rate\":0.3}],\"seed\":2}");

        awaitUsersThatComeAndGo("failing");

        assertThat(admin.metric("tokenbroker_pipeline_retries_total") - before).isGreaterThan(USERS * 0.2);
    }

    @Test
    void whereAnswersAreLostEachIdentityThatIsNobodysIsAmongTheOrphans() {
        stack.emulator().faults("""
                        {"dropResponses": [
                          {"operation": "createUserAndToken", "rate": 0.2},
                          {"operation": "delete", "rate": 0.2}
                        ], "seed": 3}""");

        Oracle oracle = awaitUsersThatComeAndGo("dropped");

        assertThat(oracle.unclaimed()).as("identities that nobody heard of").isNotEmpty();
        assertThat(oracle.orphans())
                .hasSizeGreaterThanOrEqualTo(oracle.unclaimed().size());
    }

    @Test
    void callsThatAreNeverAnsweredAreGivenUpInTimeAndMadeAgain() {
        stack.emulator().faults("""
                        {"hang": [
                          {"operation": "createUserAndToken", "rate": 0.05},
                          {"operation": "delete", "rate": 0.05}
                        ], "seed": 4}""");

        awaitUsersThatComeAndGo("hanging");

        assertThat(stack.emulator().calls().at("/createUserAndToken/unanswered").asLong(0))
                .isPositive();
    }

    private static Oracle awaitUsersThatComeAndGo(String prefix) {
        List<String> users =
                IntStream.range(0, USERS).mapToObj(i -> prefix + "-" + i).toList();
        try (var producer = stack.producer()) {
            users.stream()
                    .map(user -> producer.send(UserEvent.created(user).binary()))
                    .toList()
                    .forEach(Stack::join);
            Oracle.awaitAgreement(stack, admin, Duration.ofSeconds(60));
            users.stream()
                    .limit(GONE)
                    .map(user -> producer.send(UserEvent.deleted(user).binary()))
                    .toList()
                    .forEach(Stack::join);
        }
        Oracle oracle = Oracle.awaitAgreement(
                stack,
                admin,
                Duration.ofSeconds(60),
                now -> assertThat(now.log().wanted())
                        .containsAll(users.subList(GONE, USERS))
                        .doesNotContainAnyElementsOf(users.subList(0, GONE)));
        assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
        return oracle;
    }
}
