package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The front ends' module has tests of its own, beside it. */
@Timeout(120)
class WebModuleTest {

    private static final Path MODULE = Path.of("../web");
    private static final Path LOG = FastStart.LOGS.resolve("web-module.log");

    @Test
    void theTestsOfTheModulePass() throws IOException {
        NodeScript.requireNode();
        Files.deleteIfExists(LOG);
        try (LocalProcess node = LocalProcess.start(List.of("node", "--test", "--test-reporter=tap"), LOG, tests())) {
            int status = node.awaitExit(Duration.ofSeconds(60));

            assertThat(node.output().lines().filter(line -> line.matches("\\s*not ok .*")))
                    .as("%s", LOG)
                    .isEmpty();
            assertThat(status).as("%s", LOG).isZero();
            assertThat(node.output()).containsPattern("# pass [1-9]");
        }
    }

    private static List<String> tests() throws IOException {
        try (Stream<Path> files = Files.list(MODULE.resolve("test"))) {
            return files.filter(file -> file.toString().endsWith(".test.js"))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }
}
