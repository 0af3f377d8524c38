package io.tokenbroker.emulator;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;

/** A request as it came: the target is the path and query as they were sent, not decoded. */
final class ApiRequest {
    private final String method;
    private final String target;
    private final HttpHeaders headers;
    private final byte[] content;
    private final QueryStringDecoder decoded;

    ApiRequest(String method, String target, HttpHeaders headers, byte[] content) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.content = content;
        decoded = new QueryStringDecoder(target);
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    byte[] content() {
        return content;
    }

    /** The path, with what was percent-encoded decoded. */
    String path() {
        return decoded.path();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    Optional<String> parameter(String name) {
        return decoded.parameters().getOrDefault(name, List.of()).stream().findFirst();
    }
}
