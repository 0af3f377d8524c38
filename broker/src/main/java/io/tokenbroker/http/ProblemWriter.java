package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.intake.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem details (RFC 9457): the one form of every error of this API. */
@Component
final class ProblemWriter {

    private final JsonMapper json;

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Body(String type, String title, int status, String detail, List<Wrong> errors) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Wrong(String field, @Nullable String value, String allowed) {}

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    Mono<Void> write(ServerWebExchange exchange, Problem problem) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(problem.type().status());
        HttpHeaders headers = response.getHeaders();
        problem.headers().forEach(headers::put);
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setCacheControl("no-store");
        byte[] body = bytes(problem);
        headers.setContentLength(body.length);
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    byte[] bytes(Problem problem) {
        return json.writeValueAsBytes(bodyOf(problem));
    }

    private static Body bodyOf(Problem problem) {
        ProblemType type = problem.type();
        List<Wrong> errors = problem.errors().stream().map(ProblemWriter::wrong).toList();
        return new Body(type.uri(), type.title(), type.status().value(), problem.detail(), errors);
    }

    private static Wrong wrong(FieldError error) {
        return new Wrong(error.field(), error.value(), error.allowed());
    }
}
