package io.tokenbroker.servicebus;

import static io.tokenbroker.servicebus.Upstream.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.busdouble.EntityOptions;
import io.tokenbroker.busdouble.ServiceBusDouble;
import io.tokenbroker.events.TokensRevoked;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundTest {

    private static final String QUEUE = "outcomes";
    private static final long SMALL = 2_048;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ServiceBusDouble bus = ServiceBusDouble.start(0);

    @AfterEach
    void stop() {
        bus.close();
    }

    private Outbound outbound(boolean sessions) {
        return ServiceBusConfiguration.outbound(
                new OutSettings(bus.connectionString(), null, null, QUEUE, sessions).checked(), meters);
    }

    private static CloudEvent outcome(String id, int dataBytes) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("urn:tokenbroker"))
                .withType(TokensRevoked.TYPE)
                .withSubject("alice")
                .withTime(OffsetDateTime.parse("2026-01-31T12:00:00Z"))
                .withExtension("causationid", "cause")
                .withData(
                        "application/json",
                        ("{\"x\":\"" + "x".repeat(dataBytes) + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .build();
    }

    private List<ServiceBusReceivedMessage> received(int count) {
        try (ServiceBusReceiverAsyncClient receiver = new ServiceBusClientBuilder()
                .connectionString(bus.connectionString())
                .receiver()
                .queueName(QUEUE)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildAsyncClient()) {
            return Objects.requireNonNull(
                    receiver.receiveMessages().take(count).collectList().block(SOON));
        }
    }

    @Test
    void anOutcomeIsAMessageInBinaryMode() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        outbound(false).send(List.of(outcome("o1", 1))).block(SOON);

        ServiceBusReceivedMessage message = received(1).getFirst();

        assertThat(message.getMessageId()).isEqualTo("o1");
        assertThat(message.getSubject()).isEqualTo("alice");
        assertThat(message.getContentType()).isEqualTo("application/json");
        assertThat(message.getBody()).hasToString("{\"x\":\"x\"}");
        assertThat(message.getApplicationProperties())
                .containsEntry("cloudEvents_specversion", "1.0")
                .containsEntry("cloudEvents_id", "o1")
                .containsEntry("cloudEvents_source", "urn:tokenbroker")
                .containsEntry("cloudEvents_type", TokensRevoked.TYPE)
                .containsEntry("cloudEvents_subject", "alice")
                .containsEntry("cloudEvents_time", "2026-01-31T12:00:00Z")
                .containsEntry("cloudEvents_causationid", "cause")
                .hasSize(7);
    }

    @Test
    void manyGoInBatchesInTheirOrderAndOnceWhereDuplicatesAreDetected() {
        bus.createQueue(QUEUE, EntityOptions.USUAL.withDuplicateDetection());
        List<CloudEvent> outcomes =
                IntStream.range(0, 1_000).mapToObj(i -> outcome("o" + i, 600)).toList();
        Outbound outbound = outbound(false);

        outbound.send(outcomes).block(SOON);
        outbound.send(outcomes.subList(900, 1_000)).block(SOON); // as after a crash before the offset was committed

        assertThat(bus.counts(QUEUE).active()).isEqualTo(1_000);
        assertThat(bus.counts(QUEUE).duplicates()).isEqualTo(100);
        assertThat(received(1_000).stream().map(ServiceBusReceivedMessage::getMessageId))
                .isEqualTo(outcomes.stream().map(CloudEvent::getId).toList());
        assertThat(meters.get("tokenbroker.servicebus.sent").counter().count()).isEqualTo(1_100);
    }

    @Test
    void withSessionsTheUserIsTheSession() {
        bus.createQueue(QUEUE, EntityOptions.USUAL);
        outbound(true).send(List.of(outcome("o1", 1))).block(SOON);

        assertThat(received(1).getFirst().getSessionId()).isEqualTo("alice");
    }

    @Test
    void oneThatIsTooLargeGoesWithoutItsDataAndStopsNobody() {
        bus.close();
        bus = ServiceBusDouble.start(0, "a2V5", SMALL);
        bus.createQueue(QUEUE, EntityOptions.USUAL);

        outbound(false)
                .send(List.of(outcome("before", 10), outcome("large", 3_000), outcome("after", 10)))
                .block(SOON);

        List<ServiceBusReceivedMessage> messages = received(3);
        assertThat(messages.stream().map(ServiceBusReceivedMessage::getMessageId))
                .containsExactly("before", "large", "after");
        assertThat(messages.get(1).getBody().toBytes()).isEmpty();
        assertThat(messages.get(1).getApplicationProperties())
                .containsEntry("cloudEvents_dataref", "urn:tokenbroker:event:large");
        assertThat(meters.get("tokenbroker.servicebus.oversized").counter().count())
                .isOne();
    }

    @Test
    void nothingIsLostWhileTheQueueIsDisabledOrTheServiceBusy() {
        bus.createQueue(QUEUE, EntityOptions.USUAL.withDuplicateDetection());
        bus.disable(QUEUE);
        Outbound outbound = outbound(false);
        var sending = outbound.send(List.of(outcome("o1", 1), outcome("o2", 1))).toFuture();
        await().atMost(SOON).until(() -> outbound.trouble().isPresent());
        assertThat(outbound.trouble()).contains("MESSAGING_ENTITY_DISABLED");
        assertThat(sending).isNotDone();

        bus.busy(2);
        bus.enable(QUEUE);

        await().atMost(SOON).until(sending::isDone);
        assertThat(bus.counts(QUEUE).active()).isEqualTo(2);
        assertThat(outbound.trouble()).isEmpty();
    }
}
