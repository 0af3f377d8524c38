package io.tokenbroker.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class ForeignClientsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int USERS = 60;

    private static Stack stack;
    private static BrokerApi admin;

    @BeforeAll
    static void start() {
        stack = Stack.start(ForeignClientsIT.class, "--quota=none");
        admin = stack.admin(stack.broker(Stack.NO_QUOTA));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void usersOfAClientThatPartitionsByCrc32HaveOneIdentityEachAndNoneOnceTheyAreDeleted() {
        List<String> users = users("crc32");
        int partitions = Topic.partitions(stack.kafka(), Topic.LIFECYCLE);
        assertThat(users)
                .as("some of whom this client puts where Java's would not")
                .anyMatch(user -> Crc32Partitioner.of(user.getBytes(UTF_8), partitions)
                        != LifecycleLog.home(user.getBytes(UTF_8), partitions));

        try (var producer = partitioning(Crc32Partitioner.class)) {
            write(producer, users.stream().map(user -> binaryOrStructured(UserEvent.created(user))));
            write(producer, users.stream().limit(USERS / 2).map(user -> binaryOrStructured(UserEvent.deleted(user))));
        }

        awaitWanted(users, users.subList(USERS / 2, USERS));
    }

    @Test
    void usersWhoseRecordsGoRoundThePartitionsHaveOneIdentityEach() {
        List<String> users = users("round");

        try (var producer = partitioning(RoundRobinPartitioner.class)) {
            for (int time = 0; time < 3; time++) {
                write(producer, users.stream().map(user -> binaryOrStructured(UserEvent.created(user))));
            }
        }

        Oracle oracle = awaitWanted(users, users);
        assertThat(users)
                .allSatisfy(user -> assertThat(oracle.outcomes().of(user, Outcomes.PROVISIONED))
                        .hasSize(1));

        // only now, as nobody can tell the order of records in several partitions
        try (var producer = partitioning(RoundRobinPartitioner.class)) {
            write(producer, users.stream().map(user -> binaryOrStructured(UserEvent.deleted(user))));
        }
        awaitWanted(users, List.of());
    }

    @Test
    void theSubjectNamesTheUserWhateverTheKeyIs() {
        List<String> users = users("key");
        double before = rerouted();

        try (var producer = stack.producer()) {
            write(producer, users.stream().map(user -> UserEvent.created(user).binary(null)));
            write(producer, users.stream().map(user -> UserEvent.created(user).structured("tenant-7")));
            write(producer, users.stream().map(user -> UserEvent.created(user).binary()));
        }

        Oracle oracle = awaitWanted(users, users);
        assertThat(users)
                .allSatisfy(user -> assertThat(oracle.outcomes().of(user, Outcomes.PROVISIONED))
                        .hasSize(1));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(rerouted() - before).isGreaterThanOrEqualTo(2.0 * USERS));
    }

    @Test
    void whatLiesInTheWrongPartitionIsAppliedOnceAndInItsOrder() {
        List<String> users = users("partition");

        try (var producer = stack.producer()) {
            write(producer, users.stream().map(user -> misplaced(UserEvent.created(user))));
            write(producer, users.stream().limit(USERS / 3).map(user -> misplaced(UserEvent.deleted(user))));
        }

        awaitWanted(users, users.subList(USERS / 3, USERS));
    }

    @Test
    void usersOfKafkaJsHaveOneIdentityEachWhicheverOfItsPartitionersItUses() {
        try (NodeScript kafkaJs = NodeScript.start(
                stack.log("kafkajs"),
                "kafkajs.mjs",
                "--kafka=" + stack.kafka(),
                "--prefix=kafkajs",
                "--users=" + USERS,
                "--deleted=" + USERS / 4)) {
            double before = rerouted();
            JsonNode done = kafkaJs.awaitDone(LIMIT);
            assertThat(done.path("partitions").asInt()).isGreaterThan(1);
            List<String> users = users("kafkajs");
            List<String> wanted = new ArrayList<>(users);
            done.path("deleted").forEach(user -> wanted.remove(user.asString("")));
            assertThat(wanted).hasSize(USERS / 2);

            Oracle oracle = awaitWanted(users, wanted);

            assertThat(users)
                    .allSatisfy(user -> assertThat(oracle.outcomes().of(user, Outcomes.PROVISIONED))
                            .hasSizeLessThanOrEqualTo(1));
            assertThat(wanted)
                    .allSatisfy(user -> assertThat(oracle.outcomes().of(user, Outcomes.PROVISIONED))
                            .hasSize(1));
            assertThat(rerouted()).as("its older partitioner's").isGreaterThan(before);
        }
    }

    private static double rerouted() {
        return admin.metric("tokenbroker_pipeline_records_total", "result=\"rerouted\"");
    }

    /** Of these users, and with nothing left to be told of any. */
    private static Oracle awaitWanted(List<String> users, List<String> wanted) {
        return Oracle.awaitAgreement(stack, admin, LIMIT, oracle -> {
            assertThat(oracle.log().users()).containsAll(users);
            assertThat(users.stream().filter(oracle.log().wanted()::contains)).containsExactlyElementsOf(wanted);
            assertThat(oracle.unclaimed()).isEmpty();
        });
    }

    private static List<String> users(String prefix) {
        return IntStream.range(0, USERS).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static ProducerRecord<byte[], byte[]> binaryOrStructured(UserEvent event) {
        return event.userId().hashCode() % 2 == 0 ? event.binary() : event.structured(event.userId());
    }

    private static ProducerRecord<byte[], byte[]> misplaced(UserEvent event) {
        ProducerRecord<byte[], byte[]> record = binaryOrStructured(event);
        int partitions = Topic.partitions(stack.kafka(), Topic.LIFECYCLE);
        int wrong = (LifecycleLog.home(record.key(), partitions) + 1) % partitions;
        return new ProducerRecord<>(record.topic(), wrong, null, record.key(), record.value(), record.headers());
    }

    private static KafkaProducer<byte[], byte[]> partitioning(Class<?> partitioner) {
        return stack.producer(Map.of(
                ProducerConfig.PARTITIONER_CLASS_CONFIG,
                partitioner,
                // RoundRobinPartitioner would leave out every other partition where batches begin
                ProducerConfig.LINGER_MS_CONFIG,
                0));
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, Stream<ProducerRecord<byte[], byte[]>> records) {
        records.map(producer::send).toList().forEach(sent -> Stack.join(sent));
    }
}
