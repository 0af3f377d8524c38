package io.tokenbroker.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A request whose path is no URI ends before any of Spring sees it, with a bare 400. Such paths are mostly user ids
 * that nobody encoded, and this says how.
 */
@Component
final class UnreadablePaths implements NettyServerCustomizer {

    private static final String DETAIL =
            "the path is no URI (RFC 3986); what it may not hold is percent-encoded, or the id is written as ~ and its "
                    + "base64url";

    private final ProblemWriter problems;

    UnreadablePaths(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.mapHandle(this::answer);
    }

    private Mono<Void> answer(Mono<Void> spring, Connection connection) {
        boolean refused = connection instanceof HttpServerResponse response
                && response.status().equals(HttpResponseStatus.BAD_REQUEST)
                && !response.hasSentHeaders();
        return refused ? write((HttpServerResponse) connection) : spring;
    }

    private Mono<Void> write(HttpServerResponse response) {
        byte[] body = problems.bytes(Problem.of(ProblemType.INVALID_REQUEST, DETAIL));
        return response.header(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .sendByteArray(Mono.just(body))
                .then();
    }
}
