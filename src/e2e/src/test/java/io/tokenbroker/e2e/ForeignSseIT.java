package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.Outcomes.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The feed of outcomes, read by npm's {@code eventsource}. */
@TakesMinutes
@Timeout(180)
@ExtendWith(NodeScript.Needed.class)
class ForeignSseIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int EVENTS = Integer.getInteger("e2e.feed-events", 10_000);
    private static final int TIMES = 3;
    private static final int USERS = EVENTS / 15 + 1;

    private static Stack stack;
    private static BrokerProcess broker;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(ForeignSseIT.class, "--quota=none");
        broker = stack.broker(Stack.NO_QUOTA);
        admin = stack.admin(broker);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void itSeesThousandsOfOutcomesOnceAndInOrderThroughThreeRestartsAndAGapWhereTheyAreGone() {
        try (NodeScript feed = NodeScript.start(
                stack.log("feed"), "feed.mjs", "--broker=" + broker.address(), "--issuer=" + stack.issuer())) {
            feed.awaitTold(1, SOON, "open");
            // this client keeps the position of events alone, not that of a comment
            admin.createAndWait("first");
            feed.awaitTold(2, SOON, "outcome", "first");

            inRounds(feed);
            Outcomes committed = awaitEverythingTold(feed);

            List<JsonNode> told = feed.told("outcome");
            assertThat(told).hasSizeGreaterThanOrEqualTo(EVENTS);
            assertThat(ids(told)).doesNotHaveDuplicates();
            assertThat(byUser(told)).isEqualTo(byUser(committed));
            assertThat(byUser(told).get("round-0")).hasSizeGreaterThanOrEqualTo(EVENTS / USERS);
            assertThat(feed.told("gap")).isEmpty();
            assertThat(feed.told("open")).hasSizeGreaterThanOrEqualTo(4);
            System.out.printf(
                    "%d outcomes in %d connections%n",
                    told.size(), feed.told("open").size());

            goneMeanwhile(feed);

            assertThat(feed.told("rejected")).isEmpty();
        }
    }

    /** No user has two events waiting, which would become one; in three of the rounds the broker goes. */
    private static void inRounds(NodeScript feed) {
        round(feed, UserEvent.CREATED, Outcomes.ISSUED, 1, () -> {});
        for (int time = 1; time <= TIMES; time++) {
            Runnable goes = time == 2 ? ForeignSseIT::stopped : ForeignSseIT::killed;
            round(feed, UserEvent.SUSPENDED, Outcomes.SUSPENDED, time, goes);
            round(feed, UserEvent.RESUMED, "tokenbroker.identity.resumed.v1", time, () -> {});
            round(feed, UserEvent.SESSIONS_REVOKED, Outcomes.REVOKED, time, () -> {});
        }
        round(feed, UserEvent.DELETED, Outcomes.DELETED, 1, () -> {});
    }

    /** @param midway what happens when some users were told of and others were not */
    private static void round(NodeScript feed, String type, String outcome, int time, Runnable midway) {
        int before = count(feed, outcome);
        try (var producer = stack.producer()) {
            IntStream.range(0, USERS)
                    .mapToObj(
                            i -> producer.send(UserEvent.of(type, "round-" + i).binary()))
                    .toList()
                    .forEach(Stack::join);
        }
        await(type + ", some of it").atMost(LIMIT).until(() -> count(feed, outcome) >= before + USERS / 4);
        midway.run();
        await(type + ", time " + time).atMost(LIMIT).until(() -> count(feed, outcome) >= before + USERS);
    }

    private static int count(NodeScript feed, String type) {
        return (int) feed.told("outcome").stream()
                .filter(told -> told.path("type").asString("").equals(type))
                .count();
    }

    private static void killed() {
        broker.kill();
        broker.startAgain().awaitReady();
    }

    private static void stopped() {
        broker.stop();
        broker.startAgain().awaitReady();
    }

    /** The client goes on from a position whose records were deleted while it was away. */
    private static void goneMeanwhile(NodeScript feed) {
        feed.tell("pause");
        feed.awaitTold(1, SOON, "paused");
        admin.createAndWait("unseen");
        truncate();
        feed.tell("resume");

        feed.awaitTold(1, SOON, "gap");
        assertThat(feed.told("gap").getFirst().path("reason").asString("")).isEqualTo("retention");
        admin.createAndWait("last");
        feed.awaitTold(1, SOON, "outcome", "last");
        assertThat(feed.told("outcome", "unseen")).isEmpty();
    }

    /** Returns what is in the topic, once nothing is under way and the client has been told as much. */
    private static Outcomes awaitEverythingTold(NodeScript feed) {
        Oracle.awaitAgreement(stack, admin, LIMIT);
        Outcomes committed = Outcomes.read(stack.kafka());
        await("all to be told")
                .atMost(SOON)
                .until(() -> feed.told("outcome").size() >= committed.all().size());
        return committed;
    }

    private static List<String> ids(List<JsonNode> told) {
        return told.stream().map(one -> one.path("id").asString("")).toList();
    }

    private static Map<String, List<String>> byUser(List<JsonNode> told) {
        return told.stream()
                .collect(Collectors.groupingBy(
                        one -> one.path("user").asString(""),
                        Collectors.mapping(one -> one.path("id").asString(""), Collectors.toList())));
    }

    private static Map<String, List<String>> byUser(Outcomes committed) {
        return committed.all().stream()
                .collect(Collectors.groupingBy(Outcome::userId, Collectors.mapping(Outcome::id, Collectors.toList())));
    }

    /** As retention does, later and of its own accord. */
    private static void truncate() {
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
            Map<TopicPartition, RecordsToDelete> everything = IntStream.range(
                            0, Topic.partitions(stack.kafka(), Topic.OUTCOMES))
                    .boxed()
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(Topic.OUTCOMES, partition),
                            partition -> RecordsToDelete.beforeOffset(-1))); // the high watermark
            kafka.deleteRecords(everything).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
