package io.tokenbroker.http;

import java.util.Map;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The operations on one kind of thing. */
interface Resource {

    /** Answers one call; a refusal is a {@link Problem}, thrown or signalled. */
    interface Handler {
        Mono<ServerResponse> handle(Call call);
    }

    Map<Operation, Handler> handlers();
}
