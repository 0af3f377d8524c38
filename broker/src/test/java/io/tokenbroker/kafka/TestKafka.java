package io.tokenbroker.kafka;

import com.github.dockerjava.api.exception.NotFoundException;
import io.tokenbroker.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka to test against: Apache's image where a container engine runs that has it, as tests download nothing, and a node
 * in this JVM otherwise. The tests are the same. {@code -Dtokenbroker.test.kafka=embedded} does without the engine.
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

    private static final String IMAGE = "apache/kafka:" + VERSION;

    /** Decided once, as an engine may become ready while tests run. */
    private static final boolean ENGINE_RUNS = !"embedded".equals(System.getProperty("tokenbroker.test.kafka"))
            && DockerClientFactory.instance().isDockerAvailable()
            && hasImage();

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    static TestKafka start() {
        TestKafka kafka = ENGINE_RUNS ? container() : embedded();
        System.out.println("Kafka of these tests: " + kafka);
        return kafka;
    }

    /** Whether it can be had in a container, and may be. */
    static boolean engineRuns() {
        return ENGINE_RUNS;
    }

    private static boolean hasImage() {
        try {
            var unused = DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
            return true;
        } catch (NotFoundException missing) {
            return false;
        }
    }

    @SuppressWarnings("resource") // closed by stop
    private static TestKafka container() {
        KafkaContainer container = new KafkaContainer(DockerImageName.parse(IMAGE))
                .withStartupTimeout(LONGEST_START)
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
