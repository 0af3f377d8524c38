package io.tokenbroker.kafka;

import io.tokenbroker.embedded.EmbeddedKafka;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka to test against: Apache's image where a container engine runs, and a node in this JVM otherwise. The tests
 * are the same. {@code -Dtokenbroker.test.kafka=embedded} does without the engine.
 *
 * @param kind what it is, for the report
 */
record TestKafka(Kind kind, String version, String bootstrapServers, Runnable stop) {
    enum Kind {
        CONTAINER,
        EMBEDDED
    }

    /** As both are set; what is written is looked at soon, and there is one node alone. */
    private static final Map<String, String> SETTINGS = Map.of(
            "log.initial.task.delay.ms", "100",
            "auto.create.topics.enable", "false",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.num.partitions", "4",
            "default.replication.factor", "1",
            "min.insync.replicas", "1");

    /** The clients' own version, in either case. */
    private static final String VERSION = AppInfoParser.getVersion();

    static TestKafka start() {
        TestKafka kafka = engineRuns() ? container() : embedded();
        System.out.println("Kafka of these tests: " + kafka);
        return kafka;
    }

    /** Whether containers can be had, and may be. */
    static boolean engineRuns() {
        return !"embedded".equals(System.getProperty("tokenbroker.test.kafka"))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // closed by stop
    private static TestKafka container() {
        KafkaContainer container = new KafkaContainer(DockerImageName.parse("apache/kafka:" + VERSION))
                .withEnv(SETTINGS.entrySet().stream()
                        .collect(Collectors.toMap(setting -> variable(setting.getKey()), Entry::getValue)));
        container.start();
        return new TestKafka(Kind.CONTAINER, VERSION, container.getBootstrapServers(), container::stop);
    }

    private static String variable(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static TestKafka embedded() {
        EmbeddedKafka node = EmbeddedKafka.start(SETTINGS);
        return new TestKafka(Kind.EMBEDDED, VERSION, node.bootstrapServers(), node::close);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + version;
    }
}
