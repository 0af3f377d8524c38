package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Request bodies, held to their size limit however they are sent. */
@Component
final class Bodies {

    static final int LIMIT = 1 << 20;

    private static final byte[] NONE = new byte[0];

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The whole body; empty where there is none. */
    Mono<byte[]> bytes(ServerRequest request) {
        if (request.headers().contentLength().orElse(0) > LIMIT) {
            return Mono.error(tooLarge());
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), LIMIT)
                .map(Bodies::taken)
                .defaultIfEmpty(NONE)
                .onErrorMap(DataBufferLimitException.class, fault -> tooLarge());
    }

    /** The body as a JSON object; an absent body is an empty one. */
    Mono<ObjectNode> object(ServerRequest request) {
        return bytes(request).map(body -> {
            if (body.length == 0) {
                return JsonNodeFactory.instance.objectNode();
            }
            requireJson(request);
            if (parsed(body) instanceof ObjectNode object) {
                return object;
            }
            throw Problem.of(ProblemType.INVALID_REQUEST, new FieldError("", null, "a JSON object"));
        });
    }

    /** @throws Problem saying where the text stops being JSON */
    JsonNode parsed(byte[] body) {
        try {
            return json.readTree(body);
        } catch (JacksonException notJson) {
            var where = notJson.getLocation();
            String place = where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr();
            throw Problem.of(ProblemType.MALFORMED_JSON, "the body is not well-formed JSON in UTF-8" + place);
        }
    }

    static Problem tooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "a body may have up to " + LIMIT + " bytes");
    }

    static Problem unsupported(List<String> allowed) {
        return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "allowed: " + String.join(", ", allowed));
    }

    private static void requireJson(ServerRequest request) {
        MediaType type = request.headers().contentType().orElse(MediaType.APPLICATION_JSON);
        if (!type.isCompatibleWith(MediaType.APPLICATION_JSON)) {
            throw unsupported(List.of(MediaType.APPLICATION_JSON_VALUE));
        }
    }

    private static byte[] taken(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
