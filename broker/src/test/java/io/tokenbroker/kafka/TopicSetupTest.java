package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenbroker.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class TopicSetupTest {

    private final TopicSettings topics = TestCluster.topics();
    private final TopicSetup setup = new TopicSetup(TestCluster.clients(), topics);

    private static void make(String name, int partitions, String cleanup) {
        try (Admin admin = TestCluster.admin()) {
            admin.createTopics(List.of(
                            new NewTopic(name, partitions, (short) 1).configs(Map.of("cleanup.policy", cleanup))))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static String configuration(String topic, String name) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = TestCluster.admin()) {
            return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                    .map(found -> found.get(name).value())
                    .findFirst()
                    .orElse("");
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void missingTopicsAreMadeAsEachHasToBe() {
        TopicFacts facts = setup.prepare();

        assertThat(facts.all()).extracting(TopicFacts.Topic::id).doesNotHaveDuplicates();
        assertThat(facts.all()).extracting(TopicFacts.Topic::partitions).containsExactly(3, 3, 3, 3, 1, 3);
        assertThat(configuration(topics.directory(), "cleanup.policy")).isEqualTo("compact");
        assertThat(configuration(topics.createIntents(), "cleanup.policy")).isEqualTo("compact");
        assertThat(configuration(topics.replayJobs(), "cleanup.policy")).isEqualTo("compact");
        assertThat(configuration(topics.lifecycle(), "retention.ms")).isEqualTo("-1");
        assertThat(configuration(topics.deadLetters(), "retention.ms")).isEqualTo("1209600000");
    }

    @Test
    void aSecondStartFindsTheSameTopics() {
        assertThat(setup.prepare()).isEqualTo(setup.prepare());
    }

    @Test
    void severalInstancesMayStartAtOnce() {
        List<TopicFacts> found = IntStream.range(0, 4)
                .parallel()
                .mapToObj(instance -> new TopicSetup(TestCluster.clients(), topics).prepare())
                .toList();

        assertThat(found).allMatch(found.getFirst()::equals);
    }

    @Test
    void anInputLogThatIsThereAlreadyGivesTheCount() {
        make(topics.lifecycle(), 5, "delete");

        TopicFacts facts = setup.prepare();

        assertThat(facts.directory().partitions()).isEqualTo(5);
        assertThat(facts.createIntents().partitions()).isEqualTo(5);
        assertThat(facts.partitioning().partitions()).isEqualTo(5);
    }

    @Test
    void aDirectoryOfAnotherCountStopsTheStartWithBothCounts() {
        make(topics.lifecycle(), 5, "delete");
        make(topics.directory(), 4, "compact");

        assertThatExceptionOfType(ClusterUnfit.class)
                .isThrownBy(setup::prepare)
                .withMessageContaining(topics.directory() + " has 4 partitions, but " + topics.lifecycle() + " has 5");
    }

    @Test
    void intentsOfAnotherCountStopTheStartAsWell() {
        make(topics.createIntents(), 2, "compact");

        assertThatExceptionOfType(ClusterUnfit.class)
                .isThrownBy(setup::prepare)
                .withMessageContaining(
                        topics.createIntents() + " has 2 partitions, but " + topics.lifecycle() + " has 3");
    }

    @Test
    void aDirectoryThatForgetsStopsTheStart() {
        make(topics.directory(), 3, "delete");

        assertThatExceptionOfType(ClusterUnfit.class)
                .isThrownBy(setup::prepare)
                .withMessageContaining(topics.directory() + " has cleanup.policy=delete, but compact is needed");
    }

    @Test
    void anInputLogThatKeepsOnlyTheLastEventOfAUserStopsTheStart() {
        make(topics.lifecycle(), 3, "compact");

        assertThatExceptionOfType(ClusterUnfit.class)
                .isThrownBy(setup::prepare)
                .withMessageContaining(topics.lifecycle() + " has cleanup.policy=compact, but delete is needed");
    }

    @Test
    void aClusterThatIsAwayIsNamedSoWithinThePatienceGiven() {
        KafkaClients nowhere = new KafkaClients(new KafkaSettings("127.0.0.1:1", Map.of(), "test"));

        assertThatExceptionOfType(ClusterUnfit.class)
                .isThrownBy(() -> new TopicSetup(nowhere, topics).prepare(Duration.ofSeconds(2)))
                .withMessageContaining("cannot be reached");
    }

    @Test
    void aClusterWithoutTransactionsIsNamedSo() {
        // three nodes are asked to keep each transaction's state, and there is one
        try (EmbeddedKafka alone = EmbeddedKafka.start(Map.of("transaction.state.log.replication.factor", "3"))) {
            KafkaClients clients = new KafkaClients(new KafkaSettings(alone.bootstrapServers(), Map.of(), "test"));

            assertThatExceptionOfType(ClusterUnfit.class)
                    .isThrownBy(() -> new TopicSetup(clients, topics).prepare(Duration.ofSeconds(10)))
                    .withMessageContaining("the cluster lacks transactions")
                    .withMessageContaining("transaction.state.log.replication.factor");
        }
    }
}
