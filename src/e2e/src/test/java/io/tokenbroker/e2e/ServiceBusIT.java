package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Lifecycle events from Service Bus and outcomes to it, through whatever happens on the way. */
@Timeout(400)
class ServiceBusIT {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("e2e.servicebus-outage", 12));
    private static final int MESSAGES = Integer.getInteger("e2e.servicebus-messages", 2_000);
    private static final int INVALID = 40;
    private static final int VALID = MESSAGES - INVALID;
    private static final String TOPIC = "outcomes";
    private static final String LOCKS = "&lock=5000&deliveries=30";

    private static Stack stack;
    private static ServiceBus bus;

    @BeforeAll
    static void start() {
        stack = Stack.start(ServiceBusIT.class, "--quota=none");
        bus = ServiceBus.start(stack.log("servicebus"));
        bus.ask("create-topic?entity=" + TOPIC);
        bus.ask("create-subscription?entity=" + TOPIC + "&name=all");
    }

    @AfterAll
    static void stop() {
        bus.close();
        stack.close();
    }

    private static BrokerProcess broker(String queue) {
        List<String> settings = new ArrayList<>(Stack.NO_QUOTA);
        settings.add("--tokenbroker.servicebus.in.connection-string=" + bus.connectionString());
        settings.add("--tokenbroker.servicebus.in.queue=" + queue);
        settings.add("--tokenbroker.servicebus.in.concurrency=32");
        settings.add("--tokenbroker.servicebus.out.connection-string=" + bus.connectionString());
        settings.add("--tokenbroker.servicebus.out.topic=" + TOPIC);
        return stack.broker(settings);
    }

    private static ServiceBusMessage structured(UserEvent event) {
        return new ServiceBusMessage(event.structuredJson())
                .setContentType("application/cloudevents+json")
                .setMessageId(event.id());
    }

    private static ServiceBusMessage binary(UserEvent event) {
        ServiceBusMessage message = new ServiceBusMessage("").setMessageId(event.id());
        Map.of(
                        "specversion", "1.0",
                        "id", event.id(),
                        "source", event.source(),
                        "type", event.type(),
                        "subject", event.userId())
                .forEach((name, value) -> message.getApplicationProperties().put("cloudEvents_" + name, value));
        return message;
    }

    private static List<ServiceBusMessage> creations(String prefix, int from, int to) {
        List<ServiceBusMessage> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            UserEvent event = UserEvent.created(prefix + i);
            messages.add(i % 2 == 0 ? binary(event) : structured(event));
        }
        return messages;
    }

    @Test
    @TakesMinutes
    void everyEventAndEveryOutcomeIsOnceInEffectThoughConnectionsAreCutAndTheBrokerIsKilled() {
        String queue = "lifecycle";
        bus.ask("create-queue?entity=" + queue + LOCKS);
        List<ServiceBusMessage> messages = creations("user-", 0, VALID);
        for (int i = 0; i < INVALID; i++) {
            int at = i * (messages.size() / INVALID);
            messages.add(at, new ServiceBusMessage(i % 2 == 0 ? "" : "{\"type\":\"x\"}").setMessageId("bad-" + i));
        }
        bus.send(queue, messages);
        bus.ask("delay?number=15"); // or it would be over before anything happens

        BrokerProcess broker = broker(queue);
        for (int part = 1; part <= 7; part++) {
            awaitCompleted(queue, (long) part * VALID / 9);
            if (part == 3 || part == 6) {
                broker.kill();
                broker.startAgain().awaitReady();
            } else {
                bus.ask("drop");
            }
        }
        bus.ask("delay?number=0");

        await().atMost(LONG).until(() -> bus.isEmpty(queue));
        Oracle.awaitAgreement(
                stack,
                stack.admin(broker),
                LONG,
                now -> assertThat(now.directory().entries().values())
                        .filteredOn(entry -> entry.userId().startsWith("user-") && entry.wanted())
                        .hasSize(VALID));
        assertThat(bus.count(queue, "completed")).isEqualTo(VALID);
        assertThat(bus.deadLetters(queue))
                .hasSize(INVALID)
                .allMatch(letter -> letter.startsWith("bad-") && letter.contains(" invalid: event: event is "));
        assertThat(stack.admin(broker).deadLetters()).isEmpty();
        everyOutcomeWasSent(broker);
        broker.close();
    }

    /** A receiver that keeps the message ids it has seen sees each outcome once, and what Kafka has of it. */
    private static void everyOutcomeWasSent(BrokerProcess broker) {
        Set<String> expected = Outcomes.read(stack.kafka()).all().stream()
                .map(Outcomes.Outcome::id)
                .collect(Collectors.toSet());
        assertThat(expected).hasSizeGreaterThanOrEqualTo(2 * VALID);
        Set<String> seen = new HashSet<>();
        await().atMost(LONG).untilAsserted(() -> {
            for (ServiceBusReceivedMessage message : bus.drain(TOPIC, "all")) {
                seen.add(message.getMessageId());
                assertThat(message.getApplicationProperties()).containsEntry("cloudEvents_id", message.getMessageId());
            }
            assertThat(seen).isEqualTo(expected);
        });
        assertThat(stack.admin(broker).metric("tokenbroker_servicebus_lag")).isZero();
    }

    private static void awaitCompleted(String queue, long count) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> bus.count(queue, "completed") >= count);
    }

    @Test
    @TakesMinutes
    void whileKafkaIsStoppedNothingIsCompletedAndNothingIsLost() {
        String queue = "waiting";
        int users = 300;
        bus.ask("create-queue?entity=" + queue + "&lock=5000&deliveries=2");
        try (BrokerProcess broker = broker(queue)) {
            BrokerApi admin = stack.admin(broker);
            assertThat(readiness(admin)).isEqualTo(BrokerApi.OK); // while the issuer, which goes with Kafka, is there
            bus.send(queue, creations("early-", 0, users));
            await().atMost(LONG).until(() -> bus.isEmpty(queue));
            stack.killKafka();
            long completed = bus.count(queue, "completed");
            try {
                bus.send(queue, creations("late-", 0, users));
                await().during(OUTAGE)
                        .atMost(OUTAGE.plusSeconds(5))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> bus.count(queue, "completed") == completed);
                assertThat(readiness(admin)).isEqualTo(503);
                assertThat(admin.health()
                                .at("/components/serviceBus/details/in")
                                .asString(""))
                        .contains("Kafka");
            } finally {
                stack.kafkaBack();
            }

            await().atMost(LONG).until(() -> bus.isEmpty(queue));
            assertThat(bus.count(queue, "completed")).isEqualTo(completed + users);
            assertThat(bus.count(queue, "failures")).as("deliveries in vain").isZero();
            assertThat(bus.count(queue, "deadLettered")).isZero();
            await().atMost(LONG).until(() -> readiness(admin) == BrokerApi.OK);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(DirectoryLog.read(stack.kafka()).entries().keySet().stream()
                                    .filter(user -> user.startsWith("late-")))
                            .hasSize(users));
        }
    }

    private static int readiness(BrokerApi admin) {
        return admin.send("GET", "/actuator/health/readiness", Map.of()).status();
    }

    @Test
    void aClientThatIsNotOursSendsEventsAndReceivesTheirOutcomes() {
        NodeScript.requireNode();
        String queue = "from-node";
        int users = 50;
        bus.ask("create-queue?entity=" + queue + LOCKS);
        bus.ask("create-subscription?entity=" + TOPIC + "&name=node");
        try (BrokerProcess broker = broker(queue);
                NodeScript node = NodeScript.start(
                        stack.log("node"),
                        "servicebus.mjs",
                        "--connection=" + bus.connectionString(),
                        "--queue=" + queue,
                        "--topic=" + TOPIC,
                        "--subscription=node",
                        "--prefix=node",
                        "--users=" + users)) {
            JsonNode done = node.awaitDone(LONG);

            assertThat(done.path("told").asInt()).isEqualTo(users);
            assertThat(done.path("sound").asBoolean()).isTrue();
            await().untilAsserted(
                            () -> assertThat(bus.count(queue, "completed")).isEqualTo(users));
            assertThat(bus.count(queue, "deadLettered")).isZero();
            assertThat(stack.admin(broker).get("node-0").status()).isEqualTo(BrokerApi.OK);
        }
    }
}
