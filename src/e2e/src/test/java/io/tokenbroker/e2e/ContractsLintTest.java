package io.tokenbroker.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The contracts as a public linter sees them. */
@Timeout(180)
@ExtendWith(NodeScript.Needed.class)
class ContractsLintTest {

    private static final Path OPENAPI = Path.of("../../broker/src/main/resources/io/tokenbroker/http/openapi.yaml");
    private static final Path ASYNCAPI =
            Path.of("../../events-schema/src/main/resources/io/tokenbroker/events/asyncapi.yaml");

    @TempDir
    Path folder;

    @Test
    void theOpenApiDocumentPasses() {
        assertThat(lint(OPENAPI)).isEmpty();
    }

    @Test
    void theAsyncApiDocumentPasses() {
        assertThat(lint(ASYNCAPI)).isEmpty();
    }

    @Test
    void whatIsWrongIsFound() throws IOException {
        Path broken = folder.resolve("openapi.yaml");
        Files.writeString(
                broken,
                Files.readString(OPENAPI)
                        .replace("operationId: getUser", "operationId: listUsers")
                        .replace("#/components/schemas/Token\"", "#/components/schemas/Tokn\""));

        assertThat(lint(broken))
                .anyMatch(problem -> problem.startsWith("operation-operationId-unique "))
                .anyMatch(problem -> problem.startsWith("invalid-ref "));
    }

    private List<String> lint(Path document) {
        return SpectralLinter.problemsOf(document, folder.resolve("spectral.log"));
    }
}
