package io.tokenbroker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds answers against the OpenAPI document: their status, their media type and, of JSON, their fields. */
final class DocumentedAnswers {

    private static final String OTHERS = "additionalProperties";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode DOCUMENT = document();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<JsonNode, Schema> COMPILED = new ConcurrentHashMap<>();

    private DocumentedAnswers() {}

    /** Fails where an operation answers what its document does not say it would. */
    static void check(EntityExchangeResult<?> result) {
        List<String> path = PathTemplate.segments(result.getUrl().getRawPath());
        operation(result.getMethod().name(), path).ifPresent(operation -> {
            MediaType type = result.getResponseHeaders().getContentType();
            byte @Nullable [] body = result.getResponseBodyContent();
            assertThat(problems(operation, result.getStatus().value(), type, body == null ? new byte[0] : body))
                    .as("%s answers %s as documented", operation, result.getStatus())
                    .isEmpty();
        });
    }

    static List<String> problems(Operation operation, int status, @Nullable MediaType type, byte[] body) {
        JsonNode answer = resolved(DOCUMENT.path("paths")
                .path(operation.template().text())
                .path(operation.method().name().toLowerCase(Locale.ROOT))
                .path("responses")
                .path(String.valueOf(status)));
        if (answer.isMissingNode()) {
            return List.of("status " + status);
        }
        JsonNode content = answer.path("content");
        if (content.isMissingNode() && body.length == 0) {
            return List.of();
        }
        String media = type == null ? "none" : type.getType() + "/" + type.getSubtype();
        JsonNode described = content.path(media);
        if (described.isMissingNode()) {
            return List.of("media type " + media);
        }
        if (!media.endsWith("json")) {
            return List.of();
        }
        return schema(described.path("schema")).validate(JSON.readTree(body)).stream()
                .map(Object::toString)
                .toList();
    }

    private static Optional<Operation> operation(String method, List<String> path) {
        return Arrays.stream(Operation.values())
                .filter(operation -> operation.method().name().equals(method))
                .filter(operation -> operation.template().matches(path))
                .findFirst();
    }

    private static JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : DOCUMENT.at(JsonPointer.compile(reference.substring(1)));
    }

    /** A schema refers to others of the document, which it is therefore put into. */
    private static Schema schema(JsonNode schema) {
        return COMPILED.computeIfAbsent(schema, one -> {
            ObjectNode alone = one.deepCopy().asObject();
            alone.set("components", DOCUMENT.path("components").deepCopy());
            closed(alone);
            return SCHEMAS.getSchema(alone);
        });
    }

    /** A field that is not described is not allowed, unless whatever comes there is. */
    private static void closed(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("properties").isObject() && !object.has(OTHERS)) {
            object.put(OTHERS, false);
        }
        node.forEach(DocumentedAnswers::closed);
    }

    private static JsonNode document() {
        try (InputStream in = Objects.requireNonNull(DocumentedAnswers.class.getResourceAsStream("openapi.yaml"))) {
            return JSON.valueToTree(new Yaml().load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
