package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.UserDeleted;
import io.tokenbroker.intake.EventTooLarge;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.intake.LifecycleLog.Draft;
import io.tokenbroker.intake.LogUnavailable;
import io.tokenbroker.intake.Reading;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class KafkaLifecycleLogTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int TOO_MUCH = 2_000_000;

    private final TopicFacts topics = TestCluster.prepared();
    private final RecordReader reader = new RecordReader(new Intake(List.of()));
    private final Appender single = new Appender(TestCluster.clients(), "single");
    private final TransactionalAppender several = new TransactionalAppender(TestCluster.clients(), "intake");
    private final LifecycleLog log = new KafkaLifecycleLog(topics, single, several);

    @AfterEach
    void close() {
        single.close();
        several.close();
    }

    private static Draft aDeletionOf(String user) {
        return aDeletionOf(user, 0);
    }

    private static Draft aDeletionOf(String user, int dataBytes) {
        var event = CloudEventBuilder.v1()
                .withId("deletion-of-" + user)
                .withSource(URI.create("/hr"))
                .withType(UserDeleted.TYPE)
                .withSubject(user)
                .withExtension("color", "blue")
                .withData("application/octet-stream", noise(dataBytes))
                .build();
        return new Draft(new UserId(user), event);
    }

    /** Not to be compressed. */
    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    private List<String> usersInTheLog() {
        return TestCluster.read(topics.lifecycle()).stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    @Test
    void anEventLiesWhereItsUserBelongsAndReadsAsItWasWritten() {
        UserId user = new UserId("älice");

        List<LogPosition> positions = log.append(List.of(aDeletionOf("älice"))).block(LONG);

        ConsumerRecord<byte[], byte[]> record =
                TestCluster.read(topics.lifecycle()).getFirst();
        assertThat(positions)
                .containsExactly(new LogPosition(topics.lifecycle().id(), record.partition(), record.offset()));
        assertThat(topics.partitioning().isHome(record, user)).isTrue();
        assertThat(new String(record.headers().lastHeader("ce_color").value(), UTF_8))
                .isEqualTo("blue");
        assertThat(reader.read(record, "id").reading()).isInstanceOfSatisfying(Reading.Valid.class, valid -> {
            assertThat(valid.event().userId()).isEqualTo(user);
            assertThat(valid.event().ref().id()).isEqualTo("deletion-of-älice");
        });
    }

    @Test
    void severalEventsAreAppendedTogetherAndTheirPlacesToldInOrder() {
        List<Draft> drafts =
                IntStream.range(0, 50).mapToObj(n -> aDeletionOf("user-" + n)).toList();

        List<LogPosition> positions = log.append(drafts).block(LONG);

        assertThat(positions).hasSize(50);
        await().atMost(LONG).until(() -> TestCluster.read(topics.lifecycle()).size() == 50);
        Map<LogPosition, String> byPosition = TestCluster.read(topics.lifecycle()).stream()
                .collect(java.util.stream.Collectors.toMap(
                        record -> new LogPosition(topics.lifecycle().id(), record.partition(), record.offset()),
                        record -> new String(record.key(), UTF_8)));
        assertThat(positions)
                .extracting(byPosition::get)
                .isEqualTo(drafts.stream().map(draft -> draft.userId().value()).toList());
    }

    @Test
    void nothingIsAppendedForNothing() {
        StepVerifier.create(log.append(List.of())).expectNext(List.of()).verifyComplete();
    }

    @Test
    void ofABatchWithOneEventThatIsTooLargeNothingIsAppendedAndTheNextBatchIs() {
        StepVerifier.create(log.append(List.of(aDeletionOf("alice"), aDeletionOf("bob", TOO_MUCH))))
                .expectError(EventTooLarge.class)
                .verify(LONG);
        assertThat(usersInTheLog()).isEmpty();

        log.append(List.of(aDeletionOf("carol"), aDeletionOf("dave"))).block(LONG);
        // Kafka answers a commit before readers of committed records see it
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(usersInTheLog()).containsExactlyInAnyOrder("carol", "dave"));
    }

    @Test
    void anEventThatIsTooLargeIsToldFromALogThatIsAway() {
        StepVerifier.create(log.append(List.of(aDeletionOf("bob", TOO_MUCH))))
                .expectError(EventTooLarge.class)
                .verify(LONG);

        log.append(List.of(aDeletionOf("carol"))).block(LONG);
        assertThat(usersInTheLog()).containsExactly("carol");
    }

    @Test
    void appendingFromAnEventLoopBlocksItNowhere() {
        Mono<List<LogPosition>> all = Flux.range(0, 200)
                .flatMap(n -> log.append(
                        n % 10 == 0
                                ? List.of(aDeletionOf("a" + n), aDeletionOf("b" + n))
                                : List.of(aDeletionOf("c" + n))))
                .flatMapIterable(positions -> positions)
                .collectList()
                .subscribeOn(Schedulers.parallel());

        assertThat(all.block(LONG)).hasSize(220).doesNotHaveDuplicates();
    }

    @Test
    void callersWhoGoAwayBreakNothingForOthers() {
        for (int n = 0; n < 20; n++) {
            log.append(List.of(aDeletionOf("x" + n), aDeletionOf("y" + n)))
                    .subscribe()
                    .dispose();
            log.append(List.of(aDeletionOf("z" + n))).subscribe().dispose();
        }

        assertThat(log.append(List.of(aDeletionOf("alice"), aDeletionOf("bob"))).block(LONG))
                .hasSize(2);
    }

    @Test
    void whileKafkaIsAwayAppendingFailsWithinTenSecondsOrSo() {
        KafkaClients nowhere = new KafkaClients(new KafkaSettings("127.0.0.1:1", Map.of(), "test"));
        try (Appender alone = new Appender(nowhere, "single");
                TransactionalAppender together = new TransactionalAppender(nowhere, "intake")) {
            LifecycleLog away = new KafkaLifecycleLog(topics, alone, together);

            Flux<Throwable> failures = Flux.just(
                            List.of(aDeletionOf("alice")),
                            List.of(aDeletionOf("bob")),
                            List.of(aDeletionOf("carol")),
                            List.of(aDeletionOf("dave"), aDeletionOf("erin")))
                    .flatMap(drafts ->
                            away.append(drafts).then(Mono.<Throwable>empty()).onErrorResume(Mono::just));

            assertThat(failures.collectList().block(Duration.ofSeconds(30)))
                    .hasSize(4)
                    .allSatisfy(e -> {
                        assertThat(e).isInstanceOf(LogUnavailable.class);
                        assertThat(e.getCause()).isNotNull();
                        assertThat(String.valueOf(e.getCause())).contains("TimeoutException");
                    });
        }
    }
}
