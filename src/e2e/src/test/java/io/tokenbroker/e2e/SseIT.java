package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.e2e.EventLines.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SseIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PROVISIONED = "/v1/token-events?type=" + Outcomes.PROVISIONED;

    private static Stack stack;
    private static BrokerProcess broker;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(SseIT.class, "--quota=none");
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.sse.heartbeat=1s");
        broker = stack.broker(settings);
        admin = stack.admin(broker);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void aStreamThatGoesOnAfterTheBrokerWasKilledAndAfterItWasStoppedMissesNothingAndRepeatsNothing() {
        int users = 400;
        Stream<ProducerRecord<byte[], byte[]>> records = IntStream.range(0, users)
                .mapToObj(i -> UserEvent.created("resume-" + i).binary());
        List<Event> seen = new ArrayList<>();

        EventStream stream = started(PROVISIONED);
        try (PacedWriter writer = new PacedWriter(stack.producer(), records, 40)) {
            awaitSome(stream);
            broker.kill();
            stream = goOn(stream, seen);
            awaitSome(stream);
            broker.stop();
            await().until(stream::hasEnded);
            assertThat(stream.events())
                    .last()
                    .satisfies(last -> assertThat(last.name()).isEqualTo("drain"));
            stream = goOn(stream, seen);
            writer.await();
            EventStream last = stream;
            await("every user told of")
                    .atMost(SOON)
                    .until(() -> resumed(seen).size() + resumed(last.events()).size() >= users);
        }
        // what is told after this user would have come before, were there more
        admin.createAndWait("marker");
        EventStream last = stream;
        await("the marker").atMost(SOON).until(() -> users(last.events()).contains("marker"));
        stream.close();
        seen.addAll(stream.events());

        List<String> committed = Outcomes.read(stack.kafka()).all().stream()
                .filter(told -> told.type().equals(Outcomes.PROVISIONED))
                .map(Outcomes.Outcome::id)
                .toList();
        List<String> told = seen.stream()
                .filter(event -> event.name().equals(Outcomes.PROVISIONED))
                .map(event -> event.json().path("id").asString(""))
                .toList();
        assertThat(told).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(committed);
        assertThat(seen).noneMatch(event -> event.name().equals("gap"));
    }

    @Test
    void aQuietStreamBeats() {
        try (EventStream stream = started("/v1/token-events?user=nobody")) {
            await("three heartbeats")
                    .atMost(SOON)
                    .until(() -> stream.comments().stream()
                                    .filter("heartbeat"::equals)
                                    .count()
                            >= 3);
            assertThat(stream.events()).isEmpty();
        }
    }

    @Test
    void aPositionThatIsNoneIsAGapAndTheStreamGoesOn() {
        for (String garbage : List.of("garbage", "AAAA", "~", "0".repeat(2_000))) {
            try (EventStream stream = EventStream.open(admin, PROVISIONED, garbage)) {
                await("the gap").atMost(SOON).until(() -> !stream.gaps().isEmpty());
                assertThat(stream.gaps().getFirst().data()).isEqualTo("{\"reason\":\"position\"}");
                await("a position to go on from")
                        .atMost(SOON)
                        .until(() -> !stream.lastId().equals(garbage));

                String user = "after-gap-" + garbage.hashCode();
                admin.createAndWait(user);

                await("what comes after")
                        .atMost(SOON)
                        .until(() -> users(stream.events()).contains(user));
            }
        }
    }

    @Test
    void aCallerWithoutARoleSeesItsOwnOutcomesAlone() {
        BrokerApi ann = stack.user(broker.address(), "own-ann");
        try (EventStream stream = EventStream.open(ann, "/v1/token-events", "")) {
            await("a position").atMost(SOON).until(() -> !stream.lastId().isEmpty());

            admin.createAndWait("own-bob");
            admin.createAndWait("own-ann");
            await("her own").atMost(SOON).until(() -> users(stream.events()).contains("own-ann"));

            assertThat(users(stream.events())).containsOnly("own-ann");
            assertThat(stream.events().getFirst().data()).doesNotContain("eyJ");
        }
    }

    private static EventStream started(String path) {
        EventStream stream = EventStream.open(admin, path, "");
        await("the stream's first position")
                .atMost(SOON)
                .until(() -> !stream.lastId().isEmpty());
        return stream;
    }

    private static void awaitSome(EventStream stream) {
        await("some events").atMost(SOON).until(() -> stream.events().size() >= 20);
    }

    /** Starts the broker again and opens the stream where the one before ended. */
    private static EventStream goOn(EventStream before, List<Event> seen) {
        await("the end of the stream").atMost(SOON).until(before::hasEnded);
        before.close();
        seen.addAll(before.events());
        broker.startAgain().awaitReady();
        return EventStream.open(admin, PROVISIONED, before.lastId());
    }

    private static List<String> resumed(List<Event> events) {
        return users(events).stream().filter(user -> user.startsWith("resume-")).toList();
    }

    private static List<String> users(List<Event> events) {
        return events.stream()
                .filter(event -> event.name().startsWith("tokenbroker."))
                .map(event -> event.json().path("subject").asString(""))
                .toList();
    }
}
