package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of outcomes while Kafka goes away, and while what they have not read yet does. */
@Timeout(180)
class StreamsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String PROVISIONED = "/v1/token-events?type=" + Outcomes.PROVISIONED;

    private Stack stack;
    private BrokerProcess broker;
    private BrokerApi admin;

    @BeforeEach
    void start() {
        stack = Stack.start(StreamsIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.sse.heartbeat=1s");
        broker = stack.broker(settings);
        admin = stack.admin(broker);
    }

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    @TakesMinutes
    void anOpenStreamGoesOnWhenKafkaIsBackAndTellsEverythingOnce() {
        try (EventStream stream = EventStream.open(admin, PROVISIONED, "")) {
            await("a position").atMost(SOON).until(() -> !stream.lastId().isEmpty());
            List<String> created = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 5; i++) {
                    created.add("round-" + round + "-" + i);
                    create(created.getLast());
                }
                stack.restartKafka();
            }

            create("last");
            created.add("last");

            await("the last one").atMost(SOON).until(() -> users(stream).contains("last"));
            assertThat(stream.hasEnded()).isFalse();
            assertThat(stream.gaps()).isEmpty();
            assertThat(users(stream)).containsExactlyInAnyOrderElementsOf(created);
        }
    }

    @Test
    void aPositionThatRetentionTookIsAGapAndWhatIsKeptFollows() {
        EventStream before = EventStream.open(admin, PROVISIONED, "");
        await("a position").atMost(SOON).until(() -> !before.lastId().isEmpty());
        before.close();
        admin.createAndWait("taken");
        truncate();
        broker.kill(); // what it has in memory it would still tell
        broker.startAgain().awaitReady();
        admin.createAndWait("kept");

        try (EventStream stream = EventStream.open(admin, PROVISIONED, before.lastId())) {
            await("what was kept").atMost(SOON).until(() -> users(stream).contains("kept"));
            assertThat(stream.gaps())
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.data()).isEqualTo("{\"reason\":\"retention\"}"));
            assertThat(users(stream)).doesNotContain("taken");
        }
    }

    /** As often as it takes: the broker may not have found Kafka again yet. */
    private void create(String user) {
        await("created " + user).atMost(SOON).ignoreExceptions().until(() -> {
            admin.createAndWait(user);
            return true;
        });
    }

    private void truncate() {
        try (Admin kafka = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka()))) {
            Map<TopicPartition, RecordsToDelete> everything = new HashMap<>();
            kafka.describeTopics(List.of(Topic.OUTCOMES))
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(each -> everything.put(
                                    new TopicPartition(name, each.partition()), RecordsToDelete.beforeOffset(-1))));
            kafka.deleteRecords(everything).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> users(EventStream stream) {
        return stream.events().stream()
                .filter(event -> event.name().equals(Outcomes.PROVISIONED))
                .map(event -> event.json().path("subject").asString(""))
                .toList();
    }
}
