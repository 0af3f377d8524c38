package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How near two instances come to Azure's own quota is measured by {@code src/bench/quota}. */
@Timeout(180)
@TakesMinutes
class QuotaIT {

    /** Calls in any 30 seconds, which two instances share. */
    private static final int QUOTA = 96;
    /** As many in each partition, so that each instance has to do what its share of the quota allows twice. */
    private static final int USERS = 2 * QUOTA;

    @Test
    void twoInstancesMakeNoCallMoreThanTheQuotaAndServeCallersWhileEventsWaitForIt() {
        try (Stack stack = Stack.start(QuotaIT.class, "--quota=none")) {
            List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
            settings.add("--tokenbroker.acs.quota.create-user-and-token=" + QUOTA);
            BrokerProcess one = stack.starting(settings);
            BrokerProcess other = stack.starting(settings);
            BrokerApi here = stack.admin(one.awaitReady());
            BrokerApi there = stack.admin(other.awaitReady());
            awaitHalfOfThePartitionsEach(here, there);
            stack.emulator().faults("{\"quota\":{\"createUserAndToken\":" + QUOTA + "}}");
            List<String> users = usersInEachPartition(stack);

            try (var producer = stack.producer()) {
                users.stream()
                        .map(user -> producer.send(UserEvent.created(user).binary()))
                        .toList()
                        .forEach(Stack::join);
            }
            await("all that the quota allows at once")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> creates(stack) == QUOTA);
            String served = await("a user who has an identity")
                    .atMost(Duration.ofSeconds(10))
                    .until(
                            () -> users.stream()
                                    .filter(user -> hasIdentity(here, user))
                                    .findFirst(),
                            found -> found.isPresent())
                    .orElseThrow();
            while (creates(stack) == QUOTA) {
                here.token(served).expect(BrokerApi.OK);
                there.token(served).expect(BrokerApi.OK);
                await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
            }

            Oracle.awaitAgreement(
                    stack,
                    here,
                    Duration.ofSeconds(60),
                    oracle -> assertThat(oracle.log().wanted()).hasSize(USERS));
            var calls = stack.emulator().calls();
            assertThat(creates(stack)).isEqualTo(USERS);
            assertThat(calls.at("/createUserAndToken/throttled").asLong(-1)).isZero();
            assertThat(Topic.read(stack.kafka(), Topic.DEAD_LETTERS)).isEmpty();
        }
    }

    private static boolean hasIdentity(BrokerApi api, String user) {
        return !api.get(user).text("identityId").isEmpty();
    }

    private static long creates(Stack stack) {
        return stack.emulator().calls("createUserAndToken");
    }

    private static void awaitHalfOfThePartitionsEach(BrokerApi one, BrokerApi other) {
        await("the partitions shared out")
                .atMost(Duration.ofSeconds(30))
                .until(() -> partitionsOf(one) == 6 && partitionsOf(other) == 6);
    }

    private static int partitionsOf(BrokerApi api) {
        return (int) api.metric("tokenbroker_pipeline_partitions");
    }

    private static List<String> usersInEachPartition(Stack stack) {
        int partitions = Topic.partitions(stack.kafka(), Topic.LIFECYCLE);
        List<String> users = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            int home = partition;
            IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "user-" + i)
                    .filter(user -> LifecycleLog.home(user.getBytes(UTF_8), partitions) == home)
                    .limit(USERS / partitions)
                    .forEach(users::add);
        }
        return users;
    }
}
