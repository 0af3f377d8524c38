package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The alerts' expressions on recorded metrics, as Prometheus' own tool evaluates them. */
@Timeout(120)
class AlertRulesTest {

    private static final Path RULES = Path.of("../docker/prometheus");
    private static final String ALERTS = "alerts.yml";
    private static final String TESTS = "alerts.test.yml";

    @TempDir
    Path folder;

    @Test
    void everyAlertFiresWhenItShallAndNotOtherwise() {
        assertThat(promtool(RULES.resolve(TESTS))).isZero();
    }

    @Test
    void anAlertThatFiresTooLateIsNoticed() throws IOException {
        String alerts = Files.readString(RULES.resolve(ALERTS));
        Files.writeString(folder.resolve(ALERTS), alerts.replace("_seconds) > 300", "_seconds) > 3000"));
        Path tests = Files.copy(RULES.resolve(TESTS), folder.resolve(TESTS));

        assertThat(promtool(tests)).isEqualTo(1);
        assertThat(folder.resolve("promtool.log.err")).content().contains("TokenBrokerEventsWait fires");
    }

    /** Returns its exit status. */
    private int promtool(Path tests) {
        List<String> program = List.of(Program.require("promtool").toString(), "test", "rules");
        Path log = folder.resolve("promtool.log");
        try (LocalProcess promtool = LocalProcess.start(program, log, List.of(tests.toString()))) {
            return promtool.awaitExit(Duration.ofSeconds(60));
        }
    }
}
