package io.tokenbroker.events;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;
import static java.util.Objects.requireNonNull;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What this module publishes as resources, read the way a consumer reads it. */
final class Published {

    /** Jackson as it comes, except that what is {@code null} is left out. */
    static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(NON_NULL))
            .build();

    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Published() {}

    /** A complete CloudEvent in structured mode. */
    record Example(EventType type, String name, ObjectNode event) {

        ObjectNode data() {
            return event.get("data").asObject().deepCopy();
        }

        @Override
        public String toString() {
            return type + "/" + name;
        }
    }

    static JsonNode schemaOf(EventType type) {
        return JSON.readTree(bytesOf(type.schema()));
    }

    /** What the schema finds wrong with the data, formats such as date-time included. */
    static List<Error> errorsIn(JsonNode data, EventType type) {
        return errorsIn(data, schemaOf(type));
    }

    static List<Error> errorsIn(JsonNode data, JsonNode schema) {
        Schema compiled = SCHEMAS.getSchema(schema);
        return compiled.validate(data, run -> run.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    static Stream<Example> examples() {
        return EventTypes.all().stream().flatMap(type -> examplesOf(type).stream());
    }

    static List<Example> examplesOf(EventType type) {
        List<Example> examples = new ArrayList<>();
        for (Path file : filesIn("examples/" + type)) {
            String name = requireNonNull(file.getFileName()).toString().replaceFirst("\\.json$", "");
            examples.add(new Example(type, name, JSON.readTree(file).asObject()));
        }
        return examples;
    }

    static JsonNode asyncApi() {
        return YAMLMapper.shared().readTree(bytesOf(EventTypes.asyncApi()));
    }

    /** What lies in a folder beside the classes, in alphabetical order. */
    static List<Path> filesIn(String folder) {
        URL url = requireNonNull(EventTypes.class.getResource(folder), folder);
        try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytesOf(URL url) {
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
