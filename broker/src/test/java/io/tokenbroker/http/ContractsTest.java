package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.yaml.snakeyaml.Yaml;

class ContractsTest extends HttpEdgeFixture {

    @Test
    void theDocumentHasEveryOperationAndNoOther() throws IOException {
        List<String> documented = new ArrayList<>();
        map(openapi().get("paths"))
                .forEach((path, item) -> map(item).keySet().stream()
                        .filter(key -> !key.equals("parameters"))
                        .forEach(method -> documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Operation.values())
                        .map(operation -> operation.method() + " " + operation.template())
                        .toList());
    }

    @Test
    void theDocumentListsEveryProblemType() throws IOException {
        Map<String, Object> problem =
                map(map(map(openapi().get("components")).get("schemas")).get("Problem"));
        Object types = map(map(problem.get("properties")).get("type")).get("enum");

        assertThat((List<?>) Objects.requireNonNull(types))
                .map(Object::toString)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(ProblemType::uri)
                        .toList());
    }

    @Test
    void everyReferenceInTheDocumentLeadsSomewhere() throws IOException {
        Map<String, Object> document = openapi();
        List<String> references = new ArrayList<>();
        collect(document, references);

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            Object at = document;
            for (String step : reference.substring(2).split("/")) {
                at = map(at).get(step);
                assertThat(at).as(reference).isNotNull();
            }
        });
    }

    @Test
    void bothContractsAreServed() {
        for (String path : List.of("/openapi", "/asyncapi")) {
            client().method(HttpMethod.GET)
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .contentType("application/yaml")
                    .expectBody(String.class)
                    .value(text -> assertThat(text).contains(path.substring(1) + ": "));
        }
    }

    @Test
    void theAsyncApiDocumentThatIsServedNeedsNoOtherFile() {
        byte[] served = client().method(HttpMethod.GET)
                .uri("/asyncapi")
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBodyContent();
        Map<String, Object> document = map(new Yaml().load(new String(Objects.requireNonNull(served), UTF_8)));

        List<String> references = new ArrayList<>();
        collect(document, references);
        assertThat(references).isNotEmpty().allMatch(reference -> reference.startsWith("#/"));
        Map<String, Object> issued =
                map(map(map(document.get("components")).get("messages")).get("TokenIssued"));
        assertThat(map(map(issued.get("payload")).get("properties"))).containsKey("tokenId");
    }

    @Test
    void anAnswerThatIsNotDocumentedIsNoticed() {
        byte[] entry = "{\"userId\":\"alice\",\"state\":\"away\"}".getBytes(UTF_8);

        assertThat(DocumentedAnswers.problems(Operation.GET_USER, 418, null, entry))
                .containsExactly("status 418");
        assertThat(DocumentedAnswers.problems(Operation.GET_USER, 200, MediaType.TEXT_HTML, entry))
                .containsExactly("media type text/html");
        assertThat(DocumentedAnswers.problems(Operation.GET_USER, 200, MediaType.APPLICATION_JSON, entry))
                .anyMatch(problem -> problem.contains("tokenEpoch"))
                .anyMatch(problem -> problem.contains("state"));
        byte[] more = "{\"eventId\":\"1\",\"userId\":\"alice\",\"mood\":\"good\"}".getBytes(UTF_8);
        assertThat(DocumentedAnswers.problems(Operation.SUSPEND_USER, 202, MediaType.APPLICATION_JSON, more))
                .singleElement()
                .asString()
                .contains("mood");
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("$ref")) {
                    references.add(value.toString());
                } else {
                    collect(value, references);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(value -> collect(value, references));
        }
    }

    private static Map<String, Object> openapi() throws IOException {
        try (InputStream in = new ClassPathResource("openapi.yaml", ContractsResource.class).getInputStream()) {
            return map(new Yaml().load(in));
        }
    }

    @SuppressWarnings("unchecked") // YAML's keys are text here, or the test fails
    private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }
}
