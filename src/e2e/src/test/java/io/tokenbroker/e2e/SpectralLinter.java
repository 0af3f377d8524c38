package io.tokenbroker.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Spectral, a public linter of OpenAPI and AsyncAPI documents, as {@code src/e2e/web} has it. */
final class SpectralLinter {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Spectral counts from error, 0, over warning and information to hint. */
    private static final int INFORMATION = 2;

    private SpectralLinter() {}

    /** What it finds of warnings and errors, a line each. */
    static List<String> problemsOf(Path document, Path log) {
        List<String> program = List.of(
                "node",
                NodeScript.WEB
                        .resolve("node_modules/@stoplight/spectral-cli/dist/index.js")
                        .toString(),
                "lint",
                "--ruleset=" + NodeScript.WEB.resolve("contracts.spectral.yaml"),
                "--format=json",
                "--quiet");
        try (LocalProcess spectral = LocalProcess.start(program, log, List.of(document.toString()))) {
            int status = spectral.awaitExit(LIMIT);
            if (status > 1) {
                throw new AssertionError("Spectral ended with " + status + ": " + log);
            }
            return Http.JSON.readTree(spectral.output()).values().stream()
                    .filter(finding -> finding.path("severity").asInt() < INFORMATION)
                    .map(SpectralLinter::shown)
                    .toList();
        }
    }

    private static String shown(JsonNode finding) {
        return "%s at %s: %s"
                .formatted(
                        finding.path("code").asString(),
                        finding.path("path"),
                        finding.path("message").asString());
    }
}
