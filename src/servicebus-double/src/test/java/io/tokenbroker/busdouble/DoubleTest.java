package io.tokenbroker.busdouble;

import static io.tokenbroker.busdouble.Bus.SOON;
import static io.tokenbroker.busdouble.Bus.message;
import static io.tokenbroker.busdouble.Bus.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.exception.AmqpException;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** The double by itself, and what it does when it is told to fail: its rules are shown to be able to fail. */
class DoubleTest extends SdkSuite {

    private static final AtomicInteger QUEUES = new AtomicInteger();

    private static ServiceBusDouble bus;

    @BeforeAll
    static void start() {
        bus = ServiceBusDouble.start(0);
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    @Override
    String connectionString() {
        return bus.connectionString();
    }

    @Override
    String queue(Kind kind) {
        return queue(
                switch (kind) {
                    case PLAIN -> EntityOptions.USUAL;
                    case DETECTING_DUPLICATES -> EntityOptions.USUAL.withDuplicateDetection();
                    case WITH_SESSIONS -> EntityOptions.USUAL.withSessions();
                });
    }

    private static String queue(EntityOptions options) {
        String name = "queue-" + QUEUES.incrementAndGet();
        bus.createQueue(name, options);
        return name;
    }

    @Test
    void withoutDetectionADuplicateIsAMessageOfItsOwn() {
        String queue = queue(EntityOptions.USUAL);

        send(connectionString(), queue, message("a"), message("a"));

        assertThat(bus.counts(queue).active()).isEqualTo(2);
        assertThat(bus.counts(queue).duplicates()).isZero();
    }

    @Test
    void aMessageWhoseLockIsNotRenewedComesAgainAndCannotBeCompleted() {
        String queue = queue(EntityOptions.USUAL.withLock(Duration.ofSeconds(3)));
        send(connectionString(), queue, message("late"));

        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            ServiceBusReceivedMessage first = received(receiver, queue);
            await().atMost(SOON).until(() -> bus.counts(queue).failures() >= 1);

            assertThatThrownBy(() -> receiver.complete(first).block(SOON))
                    .isInstanceOfSatisfying(
                            ServiceBusException.class,
                            refused -> assertThat(refused.getReason())
                                    .isEqualTo(ServiceBusFailureReason.MESSAGE_LOCK_LOST));
        }
        assertThat(bus.counts(queue).completed()).isZero();
    }

    @Test
    void aMessageThatFailsTooOftenIsADeadLetter() {
        String queue = queue(EntityOptions.USUAL.withMaxDeliveryCount(2));
        send(connectionString(), queue, message("poison"));

        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            receiver.receiveMessages().concatMap(receiver::abandon).take(2).blockLast(Duration.ofSeconds(3));
        } catch (IllegalStateException nothingMore) {
            // abandoning tells nothing of itself
        }

        await().atMost(SOON).until(() -> bus.counts(queue).deadLettered() == 1);
        assertThat(bus.deadLetters(queue).getFirst()).contains("poison", "MaxDeliveryCountExceeded");
    }

    @Test
    void aMessageStaysLockedThoughItsConnectionIsCutAndIsCompletedOverAnother() {
        String queue = queue(EntityOptions.USUAL);
        send(connectionString(), queue, message("kept"));

        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            ServiceBusReceivedMessage message = received(receiver, queue);
            bus.dropConnections();
            assertThat(bus.counts(queue).locked()).isOne();
            // one that is settled before the client has noticed would wait for its answer for ever
            await().atMost(SOON).until(() -> bus.connections() > 0);
            receiver.complete(message).block(SOON);
        }

        assertThat(bus.counts(queue).completed()).isOne();
        assertThat(bus.counts(queue).active()).isZero();
    }

    @Test
    void aReceiverGoesOnAfterItsConnectionIsCutAndItsLinksAreDetached() {
        String queue = queue(EntityOptions.USUAL);
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            Disposable receiving = receiver.receiveMessages()
                    .concatMap(one -> receiver.complete(one).doOnSuccess(done -> ids.add(one.getMessageId())))
                    .subscribe();
            send(connectionString(), queue, message("before"));
            await().atMost(SOON).until(() -> ids.contains("before"));
            bus.dropConnections();
            send(connectionString(), queue, message("dropped"));
            await().atMost(SOON).until(() -> ids.contains("dropped"));
            bus.detachLinks();
            send(connectionString(), queue, message("detached"));
            await().atMost(SOON).until(() -> ids.contains("detached"));
            receiving.dispose();
        }
        assertThat(ids).containsExactly("before", "dropped", "detached");
    }

    @Test
    void everySubscriptionHasWhatIsSentToItsTopic() {
        bus.createTopic("topic", EntityOptions.USUAL.withDuplicateDetection());
        bus.createSubscription("topic", "one", EntityOptions.USUAL);
        bus.createSubscription("topic", "two", EntityOptions.USUAL);

        try (ServiceBusSenderAsyncClient sender =
                Bus.builder(connectionString()).sender().topicName("topic").buildAsyncClient()) {
            sender.sendMessage(message("x")).block(SOON);
            sender.sendMessage(message("x")).block(SOON);
        }

        assertThat(bus.counts("topic/Subscriptions/one").active()).isOne();
        assertThat(bus.counts("topic/subscriptions/TWO").active()).isOne();
    }

    @Test
    void aWrongKeyIsRefused() {
        String queue = queue(EntityOptions.USUAL);

        assertThatThrownBy(() -> send(bus.connectionString("d3Jvbmc="), queue, message("x")))
                .hasRootCauseInstanceOf(AmqpException.class);
        assertThat(bus.counts(queue).accepted()).isZero();
    }

    @Test
    void anEntityThatIsDeletedOrDisabledTakesNothing() {
        String disabled = queue(EntityOptions.USUAL);
        String deleted = queue(EntityOptions.USUAL);
        bus.disable(disabled);
        bus.delete(deleted);

        assertThat(refused(disabled)).isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_DISABLED);
        assertThat(refused(deleted)).isEqualTo(ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND);
        bus.enable(disabled);
        send(connectionString(), disabled, message("x"));
        assertThat(bus.counts(disabled).active()).isOne();
    }

    private ServiceBusFailureReason refused(String queue) {
        try {
            send(connectionString(), queue, message("x"));
        } catch (ServiceBusException refused) {
            return refused.getReason();
        }
        throw new AssertionError("it was taken");
    }

    @Test
    void aSendIsTriedAgainWhileTheServiceIsBusy() {
        String queue = queue(EntityOptions.USUAL);
        bus.busy(1);

        send(connectionString(), queue, message("x"));

        assertThat(bus.counts(queue).active()).isOne();
    }

    @Test
    void whatIsReadWaitsWhereThereIsADelay() {
        String queue = queue(EntityOptions.USUAL);
        try (ServiceBusSenderAsyncClient sender =
                Bus.builder(connectionString()).sender().queueName(queue).buildAsyncClient()) {
            sender.sendMessage(message("quick")).block(SOON);
            bus.delay(Duration.ofMillis(300));
            long begun = System.nanoTime();
            sender.sendMessage(message("slow")).block(SOON);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(250));
        } finally {
            bus.delay(Duration.ZERO);
        }
    }

    @Test
    void lockTokensAreGuidsInTheServicesByteOrder() {
        UUID token = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

        byte[] tag = Guids.tag(token);

        assertThat(tag).startsWith(0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88);
        assertThat(Guids.token(tag)).isEqualTo(token);
    }

    /** Received and not settled; the receiver stays open. */
    private static ServiceBusReceivedMessage received(ServiceBusReceiverAsyncClient receiver, String queue) {
        List<ServiceBusReceivedMessage> messages = Collections.synchronizedList(new ArrayList<>());
        Disposable unused = receiver.receiveMessages().subscribe(messages::add);
        await().atMost(SOON).until(() -> !messages.isEmpty());
        assertThat(bus.counts(queue).locked()).isOne();
        return Objects.requireNonNull(messages.getFirst());
    }
}
