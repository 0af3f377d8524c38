package io.tokenbroker.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What Grafana shows. */
final class Dashboard {

    private static final Path FILE = Path.of("../docker/grafana/dashboards/tokenbroker.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:tokenbroker|jvm|process|http)_[a-z_]+\\b");

    /** A query of a panel's. */
    record Query(String panel, String expression) {

        /** @param window what Grafana would choose */
        String over(String window) {
            return expression.replace("$__rate_interval", window);
        }

        Set<String> metrics() {
            Set<String> names = new TreeSet<>();
            METRIC.matcher(expression).results().forEach(found -> names.add(found.group()));
            return names;
        }
    }

    private Dashboard() {}

    static List<Query> queries() {
        try {
            return Http.JSON.readTree(Files.readString(FILE)).path("panels").values().stream()
                    .flatMap(panel -> panel.path("targets").values().stream()
                            .map(target -> new Query(
                                    panel.path("title").asString(""),
                                    target.path("expr").asString(""))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
