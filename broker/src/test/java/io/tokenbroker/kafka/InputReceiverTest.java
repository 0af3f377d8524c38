package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.UserCreated;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The whole Kafka edge with the real pipeline behind it; only ACS is a few lines of memory. */
class InputReceiverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TopicFacts topics = TestCluster.prepared();
    private final String group = "input-" + UUID.randomUUID();
    private final IdentitiesInMemory acs = new IdentitiesInMemory();
    private final Set<Instance> instances = new HashSet<>();

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    @Test
    void usersOfTheLogGetOneIdentityAndOneOutcomeEach() {
        write(users(0, 200));

        start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes()).hasSize(200));
        assertThat(acs.created()).isEqualTo(200);
        assertThat(acs.live()).hasSize(200);
    }

    @Test
    void whatWasAppliedIsNotAppliedAgainAfterARestart() {
        write(users(0, 50));
        Instance first = start();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes()).hasSize(50));
        first.close();

        Instance second = start();
        write(users(50, 60));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes()).hasSize(60));
        assertThat(acs.created()).isEqualTo(60);
        assertThat(second.entry(new UserId("user-0")).flatMap(entry -> Optional.ofNullable(entry.identityId())))
                .isPresent();
    }

    @Test
    void membersThatComeAndGoUnderLoadLeaveOneIdentityForEachUser() {
        acs.setLatency(Duration.ofMillis(20));
        start();
        write(users(0, 300));
        Instance second = start();
        write(users(300, 600));
        await().atMost(PATIENCE).until(() -> outcomes().size() > 200);
        second.close();
        write(users(600, 700));
        start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes()).hasSize(700));
        assertThat(new HashSet<>(outcomes())).hasSize(700);
        assertThat(acs.live()).hasSize(700);
    }

    @Test
    void aBacklogLargerThanTheRoomIsWorkedOffWithoutEverHoldingMore() {
        acs.setLatency(Duration.ofMillis(5));
        write(users(0, 1500));

        Instance instance = start();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(instance.admitted()).isLessThanOrEqualTo(Instance.ROOM);
            assertThat(outcomes()).hasSize(1500);
        });
        await().atMost(PATIENCE).until(() -> instance.admitted() == 0);
    }

    @Test
    void aRecordInAnotherUsersPlaceIsMovedToItsOwnAndAppliedThere() {
        UserId alice = new UserId("alice");
        int wrong = (topics.partitioning().of(alice) + 1) % TestCluster.PARTITIONS;
        ProducerRecord<byte[], byte[]> stray =
                new ProducerRecord<>(topics.lifecycle().name(), wrong, "someone".getBytes(UTF_8), "{}".getBytes(UTF_8));
        created("alice").headers().forEach(stray.headers()::add);
        TestCluster.write(stray);

        start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outcomes()).containsExactly("alice"));
        ConsumerRecord<byte[], byte[]> moved = TestCluster.read(topics.lifecycle()).stream()
                .filter(record -> record.partition() != wrong)
                .findFirst()
                .orElseThrow();
        assertThat(moved.key()).isEqualTo(alice.utf8());
        assertThat(moved.partition()).isEqualTo(topics.partitioning().of(alice));
    }

    @Test
    void whatCannotBeReadGoesToTheDeadLettersAsItWas() {
        TestCluster.write(new ProducerRecord<>(
                topics.lifecycle().name(), 0, "k".getBytes(UTF_8), new byte[] {(byte) 0xff, 0, 1}));
        write(users(0, 5));

        start();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(outcomes()).hasSize(5);
            assertThat(TestCluster.read(topics.deadLetters()))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.value()).containsExactly(0xff, 0, 1));
        });
    }

    @Test
    void aPartitionWithAnEntryOfANewerBrokerIsLeftAloneUntilThatEntryIsReplaced() {
        UserId alice = new UserId("alice");
        int partition = topics.partitioning().of(alice);
        writeEntryOfAlice("{\"format\":99}");
        List<String> more = users(0, 5 * Instance.ROOM);
        write(List.of("alice"));
        write(more);
        List<String> elsewhere = more.stream()
                .filter(user -> topics.partitioning().of(new UserId(user)) != partition)
                .toList();

        Instance instance = start();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(outcomes()).containsExactlyInAnyOrderElementsOf(elsewhere));
        assertThat(instance.trouble())
                .hasValueSatisfying(reason -> assertThat(reason).contains("format 99"));
        assertThat(acs.created()).isEqualTo(elsewhere.size());

        writeEntryOfAlice(null);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(outcomes()).hasSize(more.size() + 1).contains("alice"));
        assertThat(instance.trouble()).isEmpty();
    }

    private void writeEntryOfAlice(@Nullable String json) {
        UserId alice = new UserId("alice");
        TestCluster.write(new ProducerRecord<>(
                topics.directory().name(),
                topics.partitioning().of(alice),
                alice.utf8(),
                json == null ? null : json.getBytes(UTF_8)));
    }

    @Test
    void pausesBeginAnewAfterAMembershipThatWentWell() {
        AtomicInteger joined = new AtomicInteger();
        Flux<Void> failingAfterAMinute = Flux.defer(() -> {
            joined.incrementAndGet();
            return Mono.delay(Duration.ofMinutes(1)).then(Mono.error(new IllegalStateException("away")));
        });

        StepVerifier.withVirtualTime(() -> InputReceiver.oneAfterTheOther(failingAfterAMinute, failure -> {})
                        .then())
                .thenAwait(Duration.ofSeconds(20 * 61))
                .then(() -> assertThat(joined).hasValueGreaterThanOrEqualTo(20))
                .thenCancel()
                .verify();
    }

    @Test
    void pausesGrowWhileNoMembershipGoesWell() {
        AtomicInteger joined = new AtomicInteger();
        Flux<Void> failing = Flux.defer(() -> {
            joined.incrementAndGet();
            return Mono.error(new IllegalStateException("away"));
        });

        StepVerifier.withVirtualTime(() ->
                        InputReceiver.oneAfterTheOther(failing, failure -> {}).then())
                .thenAwait(Duration.ofMinutes(1))
                .then(() -> assertThat(joined).hasValueLessThan(20))
                .thenCancel()
                .verify();
    }

    private Instance start() {
        Instance instance = new Instance(topics, group, acs);
        instances.add(instance);
        return instance;
    }

    private static List<String> users(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "user-" + i).toList();
    }

    private void write(List<String> users) {
        try (var producer =
                new KafkaProducer<byte[], byte[]>(TestCluster.clients().producer("upstream"))) {
            users.forEach(user -> {
                var unused = producer.send(created(user));
            });
        }
    }

    private ProducerRecord<byte[], byte[]> created(String user) {
        var record = new ProducerRecord<byte[], byte[]>(
                topics.lifecycle().name(), user.getBytes(UTF_8), "{}".getBytes(UTF_8));
        List.of(
                        "ce_specversion=1.0",
                        "ce_id=created-" + user,
                        "ce_source=/test",
                        "ce_type=" + UserCreated.TYPE,
                        "ce_subject=" + user,
                        "content-type=application/json")
                .forEach(header -> {
                    int equals = header.indexOf('=');
                    record.headers()
                            .add(
                                    header.substring(0, equals),
                                    header.substring(equals + 1).getBytes(UTF_8));
                });
        return record;
    }

    private List<String> outcomes() {
        return TestCluster.read(topics.events()).stream()
                .filter(record -> IdentityProvisioned.TYPE.equals(
                        new String(record.headers().lastHeader("ce_type").value(), UTF_8)))
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }
}
