package io.tokenbroker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.events.EventTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The broker's contracts, to be read by tools. */
@Component
final class ContractsResource implements Resource {

    private static final Pattern SCHEMA = Pattern.compile("\\$ref: (schema/\\S+)");

    private final byte[] openApi = read(Objects.requireNonNull(ContractsResource.class.getResource("openapi.yaml")));
    private final byte[] asyncApi = selfContained(EventTypes.asyncApi());

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.READ_OPENAPI, call -> yaml(openApi),
                Operation.READ_ASYNCAPI, call -> yaml(asyncApi));
    }

    private static Mono<ServerResponse> yaml(byte[] document) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_YAML).bodyValue(document);
    }

    /** The schemas of the events in place of references to files, which lead nowhere over HTTP. */
    private static byte[] selfContained(URL document) {
        return SCHEMA.matcher(new String(read(document), UTF_8))
                .replaceAll(ContractsResource::schema)
                .getBytes(UTF_8);
    }

    /** JSON is YAML. */
    private static String schema(MatchResult reference) {
        URL schema = Objects.requireNonNull(EventTypes.class.getResource(reference.group(1)), reference.group(1));
        return Matcher.quoteReplacement(
                JsonMapper.shared().readTree(read(schema)).toString());
    }

    private static byte[] read(URL resource) {
        try (InputStream in = resource.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
