package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class KafkaOutcomeRelayTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NAME = "passing-on";

    private final TopicFacts topics = TestCluster.prepared();
    private final KafkaClients clients = new KafkaClients(new KafkaSettings(
            TestCluster.bootstrapServers(), Map.of(), UUID.randomUUID().toString()));
    private final OutcomeRelay relay = new KafkaOutcomeRelay(clients, topics);
    private final List<String> passed = Collections.synchronizedList(new ArrayList<>());

    private void write(int from, int to) {
        for (int i = from; i < to; i++) {
            byte[] user = ("user-" + i % 5).getBytes(UTF_8);
            CloudEvent event = CloudEventBuilder.v1()
                    .withId("o" + i)
                    .withSource(URI.create("urn:tokenbroker"))
                    .withType(IdentityDeleted.TYPE)
                    .withSubject("user-" + i % 5)
                    .build();
            TestCluster.write(KafkaMessageFactory.createWriter(topics.events().name(), null, user)
                    .writeBinary(event));
        }
    }

    private static List<String> ids(List<CloudEvent> events) {
        return events.stream().map(CloudEvent::getId).toList();
    }

    private Mono<Void> pass(List<CloudEvent> events) {
        return Mono.fromRunnable(() -> passed.addAll(ids(events)));
    }

    private static Stream<String> all(int count) {
        return IntStream.range(0, count).mapToObj(i -> "o" + i);
    }

    @Test
    void everythingIsPassedOnOnceThoughItStopsAndBeginsAgain() {
        write(0, 20);
        TestCluster.write(new ProducerRecord<>(topics.events().name(), "no event".getBytes(UTF_8)));
        try (OutcomeRelay.Relaying first = relay.begin(NAME, this::pass)) {
            await().atMost(SOON).until(() -> passed.size() >= 20 && first.lag() == 0);
        }
        write(20, 40);
        try (OutcomeRelay.Relaying second = relay.begin(NAME, this::pass)) {
            await().atMost(SOON).until(() -> passed.size() >= 40 && second.lag() == 0);
        }

        assertThat(passed).containsExactlyInAnyOrderElementsOf(all(40).toList());
        assertThat(passed.stream().filter(id -> Integer.parseInt(id.substring(1)) % 5 == 3))
                .as("one user's, in order")
                .containsExactly("o3", "o8", "o13", "o18", "o23", "o28", "o33", "o38");
    }

    @Test
    void whatWasNotConfirmedIsPassedOnAgain() {
        write(0, 5);
        AtomicInteger tries = new AtomicInteger();
        Function<List<CloudEvent>, Mono<Void>> failingOnce =
                events -> tries.getAndIncrement() == 0 ? Mono.error(new IllegalStateException("away")) : pass(events);

        try (OutcomeRelay.Relaying relaying = relay.begin(NAME, failingOnce)) {
            await().atMost(SOON).until(() -> passed.size() == 5 && relaying.lag() == 0);
        }

        assertThat(passed).containsExactlyInAnyOrderElementsOf(all(5).toList());
        assertThat(tries).hasValueGreaterThan(1);
    }

    @Test
    void nothingMoreIsHandedOverUntilAListIsSafeHoweverLongThatTakes() {
        write(0, 5);
        Sinks.Empty<Void> safe = Sinks.empty();
        AtomicInteger lists = new AtomicInteger();
        try (OutcomeRelay.Relaying relaying = relay.begin(NAME, events -> {
            lists.incrementAndGet();
            return safe.asMono().then(pass(events));
        })) {
            await().atMost(SOON).until(() -> lists.get() == 1);
            write(5, 10);
            // longer than a member may be silent
            await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> lists.get() == 1);
            assertThat(relaying.lag()).isPositive();
            safe.tryEmitEmpty();
            await().atMost(SOON).until(() -> passed.size() == 10);
        }
        assertThat(passed).containsExactlyInAnyOrderElementsOf(all(10).toList());
    }

    @Test
    void whatIsOnItsWayWhenItIsClosedComesAgain() {
        write(0, 5);
        AtomicInteger lists = new AtomicInteger();
        try (OutcomeRelay.Relaying first = relay.begin(NAME, events -> {
            lists.incrementAndGet();
            return Mono.never();
        })) {
            await().atMost(SOON).until(() -> lists.get() == 1 && first.lag() > 0);
        }
        try (OutcomeRelay.Relaying second = relay.begin(NAME, this::pass)) {
            await().atMost(SOON).until(() -> passed.size() == 5 && second.lag() == 0);
        }
    }

    @Test
    void whatComesWhileAListIsOnItsWayIsCountedAsLag() {
        write(0, 1);
        AtomicInteger lists = new AtomicInteger();
        try (OutcomeRelay.Relaying relaying = relay.begin(NAME, events -> {
            lists.incrementAndGet();
            return Mono.never();
        })) {
            await().atMost(SOON).until(() -> lists.get() == 1);
            assertThat(relaying.lag()).isOne();
            write(1, 21);
            await().atMost(SOON).until(() -> relaying.lag() == 21);
            assertThat(lists).hasValue(1);
        }
    }

    @Test
    void itGoesOnAfterAFaultThatIsNotKafkas() {
        write(0, 5);
        AtomicInteger tries = new AtomicInteger();
        try (OutcomeRelay.Relaying relaying = relay.begin(NAME, events -> {
            if (tries.getAndIncrement() == 0) {
                throw new IllegalStateException("nobody expects this");
            }
            return pass(events);
        })) {
            await().atMost(SOON).until(() -> passed.size() == 5 && relaying.lag() == 0);
        }
        assertThat(tries).hasValueGreaterThan(1);
    }
}
