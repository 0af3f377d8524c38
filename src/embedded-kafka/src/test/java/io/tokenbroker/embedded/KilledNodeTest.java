package io.tokenbroker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledNodeTest {
    @TempDir
    Path directory;

    @Test
    void a_node_that_was_killed_goes_on_where_it_was() throws Exception {
        Process node = aNodeOfItsOwnProcess();
        try (BufferedReader output = node.inputReader();
                Admin admin = adminOf(output.readLine())) {
            admin.createTopics(List.of(new NewTopic("letters", 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            node.destroyForcibly().waitFor();
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0, Map.of());
                Admin admin = adminOf(kafka.bootstrapServers())) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("letters");
        }
    }

    private Process aNodeOfItsOwnProcess() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledNodeTest.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process to be killed; prints where to connect. */
    public static void main(String[] arguments) {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0, Map.of());
        System.out.println(kafka.bootstrapServers());
    }

    private static Admin adminOf(String bootstrapServers) {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }
}
