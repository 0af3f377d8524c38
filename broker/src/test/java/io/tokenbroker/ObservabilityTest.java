package io.tokenbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds alerts and dashboard against the metrics there are, and alerts against their runbook and their tests. */
class ObservabilityTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PAGE = "src/docs/troubleshooting.md";
    private static final Pattern METRIC = Pattern.compile("\\btokenbroker_[a-z_]+\\b");

    private final String alerts = read("src/docker/prometheus/alerts.yml");
    private final String dashboard = read("src/docker/grafana/dashboards/tokenbroker.json");

    @Test
    void everyMetricOfAnAlertOrAPanelIsInTheReference() {
        assertThat(unknownIn(alerts)).isEmpty();
        assertThat(unknownIn(dashboard)).isEmpty();
    }

    @Test
    void aMetricThatIsNotThereIsNoticed() {
        assertThat(unknownIn(alerts.replace("tokenbroker_acs_outage", "tokenbroker_acs_outages")))
                .containsExactly("tokenbroker_acs_outages");
    }

    @Test
    void everyAlertHasItsSectionInTheRunbookAndEverySectionItsAlert() {
        List<Map<String, Object>> rules = rules();

        assertThat(rules).hasSizeGreaterThan(10).allSatisfy(rule -> {
            String name = String.valueOf(rule.get("alert"));
            assertThat(map(rule.get("annotations")).get("runbook_url"))
                    .isEqualTo(PAGE + "#" + name.toLowerCase(Locale.ROOT));
            assertThat(map(rule.get("labels")).get("severity")).isIn("critical", "warning", "info");
        });
        assertThat(sections()).isEqualTo(names(rules));
        assertThat(listed()).isEqualTo(names(rules));
    }

    @Test
    void everyAlertIsTestedFiringAndNot() {
        Map<String, Object> tests = map(new Yaml().load(read("src/docker/prometheus/alerts.test.yml")));
        Set<String> firing = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        list(tests.get("tests"))
                .forEach(test -> list(test.get("alert_rule_test")).forEach(expected -> {
                    boolean fires = !list(expected.get("exp_alerts")).isEmpty();
                    (fires ? firing : quiet).add(String.valueOf(expected.get("alertname")));
                }));

        assertThat(firing).isEqualTo(names(rules()));
        assertThat(quiet).isEqualTo(names(rules()));
    }

    private List<Map<String, Object>> rules() {
        return list(list(map(new Yaml().load(alerts)).get("groups")).getFirst().get("rules"));
    }

    private static Set<String> names(List<Map<String, Object>> rules) {
        return rules.stream()
                .map(rule -> String.valueOf(rule.get("alert")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> sections() {
        return found(Pattern.compile("(?m)^### (TokenBroker\\w+)$"), read(PAGE));
    }

    private static Set<String> listed() {
        return found(Pattern.compile("(?m)^\\| `(TokenBroker\\w+)` \\|"), read("src/docs/operations.md"));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> unknownIn(String text) {
        Set<String> known = found(
                Pattern.compile("(?m)^\\| `tokenbroker\\.[a-z.]+` \\| `(tokenbroker_\\w+)`"),
                read("src/docs/reference.md"));
        List<String> unknown = new ArrayList<>();
        METRIC.matcher(text).results().map(found -> found.group()).distinct().forEach(name -> {
            if (!known.contains(name) && !known.contains(name.replaceFirst("_(bucket|count|sum)$", ""))) {
                unknown.add(name);
            }
        });
        return unknown;
    }

    private static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // YAML's keys are text here, or the test fails
    private static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }

    @SuppressWarnings("unchecked") // likewise
    private static List<Map<String, Object>> list(@Nullable Object node) {
        return (List<Map<String, Object>>) Objects.requireNonNull(node);
    }
}
