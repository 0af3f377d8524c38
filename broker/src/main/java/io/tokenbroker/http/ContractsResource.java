package io.tokenbroker.http;

import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The broker's contracts, to be read by tools. */
@Component
final class ContractsResource implements Resource {

    static final String OPENAPI = "io/tokenbroker/http/openapi.yaml";
    static final String ASYNCAPI = "io/tokenbroker/events/asyncapi.yaml";

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.READ_OPENAPI, call -> yaml(OPENAPI),
                Operation.READ_ASYNCAPI, call -> yaml(ASYNCAPI));
    }

    private static Mono<ServerResponse> yaml(String path) {
        ClassPathResource document = new ClassPathResource(path);
        if (!document.exists()) {
            return Mono.error(Problem.of(ProblemType.NOT_FOUND, "this build of the broker has no such document"));
        }
        return ServerResponse.ok().contentType(MediaType.APPLICATION_YAML).body(BodyInserters.fromResource(document));
    }
}
