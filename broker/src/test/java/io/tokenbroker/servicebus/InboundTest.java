package io.tokenbroker.servicebus;

import static io.tokenbroker.servicebus.Upstream.SOON;
import static io.tokenbroker.servicebus.Upstream.aDeletion;
import static io.tokenbroker.servicebus.Upstream.json;
import static io.tokenbroker.servicebus.Upstream.structured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.busdouble.EntityOptions;
import io.tokenbroker.busdouble.ServiceBusDouble;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.intake.Alias;
import io.tokenbroker.intake.Intake;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundTest {

    private static final String QUEUE = "lifecycle";
    private static final EntityOptions SHORT_LOCKS = EntityOptions.USUAL.withLock(Duration.ofSeconds(6));

    private final ServiceBusDouble bus = ServiceBusDouble.start(0);
    private final LogInMemory log = new LogInMemory();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Inbound> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(one -> one.stop(Duration.ofSeconds(2)).block(SOON));
        bus.close();
    }

    private Inbound receive(boolean sessions) {
        return receive(bus.connectionString(), sessions);
    }

    private Inbound receive(String connectionString, boolean sessions) {
        InSettings settings =
                new InSettings(connectionString, null, QUEUE, null, null, sessions, sessions ? 2 : 8, 0).checked();
        Intake intake = new Intake(List.of(new Alias("joiner", UserCreated.TYPE, null)));
        Inbound inbound = ServiceBusConfiguration.inbound(
                settings, new Admission(intake, Clock.systemUTC()), log, meters, Clock.systemUTC());
        inbound.start();
        started.add(inbound);
        return inbound;
    }

    private void send(ServiceBusMessage... messages) {
        Upstream.send(bus.connectionString(), QUEUE, messages);
    }

    private double counted(String name) {
        return meters.get("tokenbroker.servicebus." + name).counter().count();
    }

    private void awaitEmpty() {
        await().atMost(SOON)
                .until(() -> bus.counts(QUEUE).active() + bus.counts(QUEUE).locked() == 0);
    }

    @Test
    void eventsAreTakenInEachModeAndCompleted() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        ServiceBusMessage delivered = new ServiceBusMessage("[" + json("grid", "joiner", "gina") + "]");
        delivered.getApplicationProperties().put("aeg-event-type", "Notification");
        ServiceBusMessage withTime = aDeletion("timed", "tom");
        withTime.getApplicationProperties().put("cloudEvents_time", OffsetDateTime.parse("2026-01-31T12:00:00Z"));

        send(
                aDeletion("binary", "bob"),
                aDeletion("cloudEvents:", "older", "olga"),
                structured(json("structured", UserDeleted.TYPE, "älice")),
                delivered,
                withTime,
                structured(json("foreign", "com.example.login", "eve")));
        receive(false);

        awaitEmpty();
        assertThat(log.users()).containsExactly("bob", "olga", "älice", "gina", "tom");
        assertThat(log.drafts()).allMatch(draft -> draft.event().getTime() != null);
        assertThat(log.drafts().getLast().event().getTime()).hasToString("2026-01-31T12:00Z");
        assertThat(bus.counts(QUEUE).completed()).isEqualTo(6);
        assertThat(counted("received")).isEqualTo(6);
        await().untilAsserted(() -> assertThat(counted("completed")).isEqualTo(6));
        assertThat(counted("ignored")).isOne();
    }

    @Test
    void whatIsInvalidGoesToTheDeadLettersWithTheFieldNamed() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        ServiceBusMessage noUser = aDeletion("no-user", "x");
        noUser.getApplicationProperties().remove("cloudEvents_subject");
        ServiceBusMessage twice = aDeletion("twice", "x");
        twice.getApplicationProperties().put("cloudEvents:id", "other");
        ServiceBusMessage reserved = aDeletion("reserved", "x");
        reserved.getApplicationProperties().put("cloudEvents_source", "urn:tokenbroker:http");
        ServiceBusMessage large = aDeletion("large", "x").setContentType("application/json");
        ServiceBusMessage huge = new ServiceBusMessage("x".repeat(210_000));
        huge.getApplicationProperties().putAll(large.getApplicationProperties());
        huge.setMessageId("huge");

        send(
                new ServiceBusMessage("").setMessageId("empty"),
                new ServiceBusMessage("hello").setMessageId("text"),
                new ServiceBusMessage("{}").setMessageId("json").setContentType("application/json"),
                structured("{").setMessageId("broken"),
                structured("{\"specversion\":\"1.0\"}").setMessageId("incomplete"),
                structured(json("scopes", UserCreated.TYPE, "x").replace("}", ",\"data\":{\"scopes\":[\"fax\"]}}"))
                        .setMessageId("scopes"),
                structured(json("reconcile", "tokenbroker.user.reconcile-requested.v1", "x"))
                        .setMessageId("reconcile"),
                noUser,
                twice,
                reserved,
                huge,
                aDeletion("good", "good"));
        receive(false);

        awaitEmpty();
        assertThat(log.ids()).containsExactly("good");
        assertThat(bus.deadLetters(QUEUE))
                .hasSize(11)
                .anySatisfy(one -> assertThat(one).startsWith("empty invalid: event: event is"))
                .anySatisfy(one -> assertThat(one).startsWith("text invalid: event: "))
                .anySatisfy(one -> assertThat(one).startsWith("json invalid: event: "))
                .anySatisfy(one -> assertThat(one).startsWith("broken invalid: event: "))
                .anySatisfy(one -> assertThat(one).startsWith("incomplete invalid: id, source, type: "))
                .anySatisfy(
                        one -> assertThat(one).startsWith("scopes invalid: /data/scopes/0: /data/scopes/0 is 'fax'"))
                .anySatisfy(one -> assertThat(one).startsWith("reconcile invalid: type"))
                .anySatisfy(one -> assertThat(one).startsWith("no-user invalid: subject: "))
                .anySatisfy(one ->
                        assertThat(one).startsWith("twice invalid: event: ").contains("given twice"))
                .anySatisfy(one -> assertThat(one).startsWith("reserved invalid: source: "))
                .anySatisfy(one -> assertThat(one).startsWith("huge invalid: event too large: "));
        await().untilAsserted(() -> assertThat(counted("deadlettered")).isEqualTo(11));
    }

    @Test
    void whileKafkaIsAwayMessagesAreHeldAndNoDeliveryIsCounted() {
        bus.createQueue(QUEUE, SHORT_LOCKS.withMaxDeliveryCount(2));
        log.away(true);
        Inbound inbound = receive(false);
        send(Upstream.deletions(0, 20).toArray(ServiceBusMessage[]::new));

        await().atMost(SOON).until(() -> bus.counts(QUEUE).renewals() > 16);
        assertThat(inbound.trouble()).contains("Kafka takes no events");
        assertThat(bus.counts(QUEUE).completed()).isZero();
        log.away(false);

        awaitEmpty();
        assertThat(inbound.trouble()).isEmpty();
        assertThat(log.ids()).hasSize(20).doesNotHaveDuplicates();
        assertThat(bus.counts(QUEUE).failures()).isZero();
        assertThat(bus.counts(QUEUE).deadLettered()).isZero();
        assertThat(counted("renewals")).isGreaterThan(16);
    }

    @Test
    void aConnectionThatIsCutWhileMessagesAreSettledLosesNone() {
        bus.createQueue(QUEUE, SHORT_LOCKS);
        send(Upstream.deletions(0, 60).toArray(ServiceBusMessage[]::new));
        bus.delay(Duration.ofMillis(60)); // so that something is on its way when it is cut
        receive(false);

        await().atMost(SOON).until(() -> bus.counts(QUEUE).completed() > 5);
        bus.dropConnections();
        bus.delay(Duration.ZERO);

        awaitEmpty();
        assertThat(log.ids()).contains("e0", "e59");
        assertThat(log.ids().stream().distinct()).hasSize(60);
        assertThat(bus.counts(QUEUE).deadLettered()).isZero();
    }

    @Test
    void itGoesOnByItselfOnceTheQueueIsThereAgain() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        Inbound inbound = receive(false);
        send(aDeletion("before", "x"));
        await().atMost(SOON).until(() -> log.ids().contains("before"));

        bus.delete(QUEUE);
        await().atMost(SOON).until(() -> inbound.trouble().equals(Optional.of("MESSAGING_ENTITY_NOT_FOUND")));
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        send(aDeletion("after", "x"));

        await().atMost(SOON).until(() -> log.ids().contains("after"));
        assertThat(inbound.trouble()).isEmpty();
    }

    @Test
    void aWrongKeyIsToldAndTakesNothing() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        send(aDeletion("e1", "x"));

        Inbound inbound = receive(bus.connectionString("d3Jvbmc="), false);

        await().atMost(SOON).until(() -> inbound.trouble().isPresent());
        assertThat(inbound.trouble()).contains("UNAUTHORIZED");
        assertThat(bus.counts(QUEUE).active()).isOne();
    }

    @Test
    void eachSessionIsTakenInItsOrderAndOutlivesKafkaBeingAway() {
        bus.createQueue(QUEUE, SHORT_LOCKS.withSessions());
        List<String> users = List.of("ann", "ben", "cem");
        List<ServiceBusMessage> messages = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            for (String user : users) {
                ServiceBusMessage message = aDeletion(user + i, user).setSessionId(user);
                message.getApplicationProperties().remove("cloudEvents_subject"); // then the session says who it is
                messages.add(message);
            }
        }
        send(messages.toArray(ServiceBusMessage[]::new));
        log.away(true);
        receive(true);
        await().atMost(SOON).until(() -> bus.counts(QUEUE).renewals() > 4);
        log.away(false);

        awaitEmpty();
        for (String user : users) {
            assertThat(log.drafts().stream()
                            .filter(draft -> draft.userId().value().equals(user))
                            .map(draft -> Objects.requireNonNull(draft.event().getId())))
                    .as("in order, each once, of %s", user)
                    .containsExactly(user + 0, user + 1, user + 2, user + 3, user + 4, user + 5);
        }
        assertThat(bus.counts(QUEUE).failures()).isZero();
    }

    @Test
    void whatASessionHasTakenIsSettledBeforeItStopsAndNothingMoreIsTaken() {
        bus.createQueue(QUEUE, EntityOptions.USUAL.withSessions());
        log.away(true);
        Inbound inbound = receive(true);
        send(aDeletion("a1", "ann").setSessionId("ann"), aDeletion("a2", "ann").setSessionId("ann"));
        await().atMost(SOON).until(() -> bus.counts(QUEUE).locked() == 1);

        var stopping = inbound.stop(SOON).toFuture();
        log.away(false);

        await().atMost(SOON).until(stopping::isDone);
        assertThat(log.ids()).containsExactly("a1");
        assertThat(bus.counts(QUEUE).completed()).isOne();
        assertThat(bus.counts(QUEUE).failures()).isZero();
        assertThat(bus.counts(QUEUE).active()).isOne();
    }

    @Test
    void aSessionWhoseLinkIsDetachedLeavesTheOthersAlone() {
        bus.createQueue(QUEUE, EntityOptions.USUAL.withSessions());
        log.away(true);
        Inbound inbound = receive(true);
        send(aDeletion("a1", "ann").setSessionId("ann"), aDeletion("b1", "ben").setSessionId("ben"));
        await().atMost(SOON).until(() -> bus.counts(QUEUE).locked() == 2);

        bus.detachSession("ann");
        await().atMost(SOON)
                .until(() ->
                        bus.counts(QUEUE).failures() > 0 && bus.counts(QUEUE).locked() == 2);
        log.away(false);

        awaitEmpty();
        assertThat(bus.counts(QUEUE).failures()).as("ann's message, given back").isOne();
        assertThat(log.ids()).containsExactlyInAnyOrder("a1", "b1");
        assertThat(inbound.trouble()).isEmpty();
    }

    @Test
    void sessionsGoOnByThemselvesOnceTheQueueIsThereAgain() {
        bus.createQueue(QUEUE, EntityOptions.USUAL.withSessions());
        Inbound inbound = receive(true);
        send(aDeletion("before", "x").setSessionId("x"));
        await().atMost(SOON).until(() -> log.ids().contains("before"));

        bus.delete(QUEUE);
        await().atMost(SOON).until(() -> inbound.trouble().isPresent());
        bus.createQueue(QUEUE, EntityOptions.USUAL.withSessions());
        send(aDeletion("after", "x").setSessionId("x"));

        await().atMost(SOON).until(() -> log.ids().contains("after"));
        assertThat(inbound.trouble()).isEmpty();
    }
}
