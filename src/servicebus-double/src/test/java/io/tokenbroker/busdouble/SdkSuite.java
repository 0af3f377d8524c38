package io.tokenbroker.busdouble;

import static io.tokenbroker.busdouble.Bus.SOON;
import static io.tokenbroker.busdouble.Bus.message;
import static io.tokenbroker.busdouble.Bus.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What the public SDK sees of a Service Bus. Holds for the double and, where a connection string is given, for a real
 * namespace alike.
 */
abstract class SdkSuite {

    abstract String connectionString();

    /** An empty queue of that kind, used by no other test. */
    abstract String queue(Kind kind);

    enum Kind {
        PLAIN,
        DETECTING_DUPLICATES,
        WITH_SESSIONS
    }

    @Test
    void whatIsSentInABatchIsReceivedInOrderAndGoneOnceCompleted() {
        String queue = queue(Kind.PLAIN);
        try (ServiceBusSenderAsyncClient sender =
                Bus.builder(connectionString()).sender().queueName(queue).buildAsyncClient()) {
            ServiceBusMessageBatch batch =
                    Objects.requireNonNull(sender.createMessageBatch().block(SOON));
            IntStream.range(0, 20)
                    .forEach(i ->
                            assertThat(batch.tryAddMessage(message("m" + i))).isTrue());
            sender.sendMessages(batch).block(SOON);
        }

        List<ServiceBusReceivedMessage> received;
        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            received = receiver.receiveMessages()
                    .concatMap(one -> receiver.complete(one).thenReturn(one))
                    .take(20)
                    .collectList()
                    .block(SOON);
        }

        assertThat(Bus.ids(Objects.requireNonNull(received)))
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "m" + i).toList());
        assertThat(received).allMatch(one -> one.getDeliveryCount() == 0);
        assertThat(peeked(queue)).isEmpty();
    }

    @Test
    void anAbandonedMessageComesAgainAndCountsItsDeliveries() {
        String queue = queue(Kind.PLAIN);
        send(connectionString(), queue, message("again"));

        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            List<Long> counts = receiver.receiveMessages()
                    .concatMap(one -> (one.getDeliveryCount() < 2 ? receiver.abandon(one) : receiver.complete(one))
                            .thenReturn(one.getDeliveryCount()))
                    .take(3)
                    .collectList()
                    .block(SOON);
            assertThat(counts).containsExactly(0L, 1L, 2L);
        }
        assertThat(peeked(queue)).isEmpty();
    }

    @Test
    void aDeadLetterKeepsItsReasonAndItsBody() {
        String queue = queue(Kind.PLAIN);
        send(connectionString(), queue, message("bad"));
        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            DeadLetterOptions why = new DeadLetterOptions()
                    .setDeadLetterReason("a reason")
                    .setDeadLetterErrorDescription("a description");
            receiver.receiveMessages()
                    .concatMap(one -> receiver.deadLetter(one, why).thenReturn(one))
                    .take(1)
                    .blockLast(SOON);
        }

        try (ServiceBusReceiverAsyncClient receiver = Bus.deadLetters(connectionString(), queue)) {
            ServiceBusReceivedMessage dead =
                    Objects.requireNonNull(receiver.receiveMessages().blockFirst(SOON));
            assertThat(dead.getDeadLetterReason()).isEqualTo("a reason");
            assertThat(dead.getDeadLetterErrorDescription()).isEqualTo("a description");
            assertThat(dead.getBody()).hasToString("body of bad");
        }
    }

    @Test
    void aLockIsRenewed() {
        String queue = queue(Kind.PLAIN);
        send(connectionString(), queue, message("locked"));

        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            Boolean later = receiver.receiveMessages()
                    .concatMap(one -> receiver.renewMessageLock(one)
                            .map(until -> !until.isBefore(Objects.requireNonNull(one.getLockedUntil())))
                            .flatMap(renewed -> receiver.complete(one).thenReturn(renewed)))
                    .blockFirst(SOON);
            assertThat(later).isTrue();
        }
    }

    @Test
    void aMessageIdIsTakenOnceWhereDuplicatesAreDetected() {
        String queue = queue(Kind.DETECTING_DUPLICATES);

        send(connectionString(), queue, message("a"), message("a"));
        send(connectionString(), queue, message("a"), message("b"));

        assertThat(peeked(queue)).containsExactly("a", "b");
    }

    @Test
    void aSessionIsReceivedByOneInOrder() {
        String queue = queue(Kind.WITH_SESSIONS);
        send(
                connectionString(),
                queue,
                message("a1").setSessionId("a"),
                message("b1").setSessionId("b"),
                message("a2").setSessionId("a"));

        try (ServiceBusSessionReceiverAsyncClient sessions = Bus.sessions(connectionString(), queue)) {
            for (String session : List.of("a", "b")) {
                ServiceBusReceiverAsyncClient receiver =
                        Objects.requireNonNull(sessions.acceptSession(session).block(SOON));
                assertThat(receiver.renewSessionLock().block(SOON)).isNotNull();
                List<String> ids = receiver.receiveMessages()
                        .concatMap(one -> receiver.complete(one).thenReturn(one.getMessageId()))
                        .take(session.equals("a") ? 2 : 1)
                        .collectList()
                        .block(SOON);
                assertThat(ids).isEqualTo(session.equals("a") ? List.of("a1", "a2") : List.of("b1"));
                receiver.close();
            }
        }
    }

    private List<String> peeked(String queue) {
        try (ServiceBusReceiverAsyncClient receiver = Bus.receiver(connectionString(), queue)) {
            return Bus.ids(Objects.requireNonNull(
                    receiver.peekMessages(100).collectList().block(SOON)));
        }
    }
}
