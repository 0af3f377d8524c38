package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** How fast everybody else is served meanwhile is measured by {@code src/bench/hot-user}. */
@TakesMinutes
@Timeout(180)
class HotUserIT {

    private static final String HOT = "hot";
    private static final String REFUSED = "refused";
    private static final int OTHERS = 800;
    private static final int PER_SECOND = 160;

    @Test
    void aUserWithHalfOfAllEventsAndOneThatAcsRefusesAreNobodyElsesMatter() {
        try (Stack stack = Stack.start(HotUserIT.class, "--quota=none")) {
            BrokerApi admin = stack.admin(stack.broker(Stack.NO_QUOTA));
            admin.createAndWait(HOT);
            admin.createAndWait(REFUSED);
            stack.emulator().faults("""
                            {"latencyMs": {"fixed": 100},
                             "errors": [{"operation": "delete", "status": 400, "rate": 1}]}""");

            try (PacedWriter writer = new PacedWriter(stack.producer(), eventsOfAll(), PER_SECOND)) {
                writer.await();
            }

            JsonNode letter = awaitTheDeadLetter(admin);
            assertThat(letter.path("userId").asString("")).isEqualTo(REFUSED);
            assertThat(letter.path("reason").asString("")).startsWith("ACS: ");
            assertThat(letter.path("attempts").asInt()).isEqualTo(1);
            awaitEverybodyElse(stack);
            assertThat(stack.emulator().calls("revoke"))
                    .as("calls for %d revocations asked for", OTHERS / 2)
                    .isLessThan(OTHERS / 4);

            stack.emulator().noFaults();
            admin.delete(REFUSED);
            Oracle.awaitAgreement(
                    stack,
                    admin,
                    Duration.ofSeconds(60),
                    oracle -> assertThat(oracle.log().wanted()).hasSize(OTHERS + 1));
            assertThat(admin.get(HOT).text("state")).isEqualTo("active");
            assertThat(admin.deadLetters()).hasSize(1);
        }
    }

    /** Every other event is the hot user's; every other of those takes something away. */
    private static Stream<ProducerRecord<byte[], byte[]>> eventsOfAll() {
        List<String> hot = List.of(
                "tokenbroker.user.suspended.v1",
                "tokenbroker.user.resumed.v1",
                "tokenbroker.user.sessions-revoked.v1",
                UserEvent.CREATED);
        return IntStream.range(0, OTHERS)
                .boxed()
                .flatMap(i -> Stream.concat(
                        i == OTHERS / 4 ? Stream.of(UserEvent.deleted(REFUSED)) : Stream.of(),
                        Stream.of(UserEvent.of(hot.get(i % 4), HOT), UserEvent.created("user-" + i))))
                .map(UserEvent::binary);
    }

    private static JsonNode awaitTheDeadLetter(BrokerApi admin) {
        return await("a dead letter")
                .atMost(Duration.ofSeconds(30))
                .until(admin::deadLetters, letters -> letters.size() == 1)
                .getFirst();
    }

    private static void awaitEverybodyElse(Stack stack) {
        await("everybody else")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Outcomes.read(stack.kafka()).all().stream()
                                .filter(outcome -> outcome.type().equals(Outcomes.PROVISIONED))
                                .filter(outcome -> outcome.userId().startsWith("user-")))
                        .hasSize(OTHERS));
    }
}
