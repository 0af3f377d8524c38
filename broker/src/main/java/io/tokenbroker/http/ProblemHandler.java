package io.tokenbroker.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Where every failed request ends: as a problem in the response, and in the log only where the fault is ours. */
@Component
@Order(-2) // ahead of Spring Boot's own at -1
final class ProblemHandler implements WebExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private final ProblemWriter writer;

    ProblemHandler(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable fault) {
        Problem problem = Problems.of(fault);
        if (problem.type() == ProblemType.INTERNAL) {
            LOG.atError()
                    .addKeyValue("method", exchange.getRequest().getMethod().name())
                    .addKeyValue("request", exchange.getRequest().getId())
                    .setCause(fault)
                    .log("a request failed");
        }
        return exchange.getResponse().isCommitted() ? Mono.error(fault) : writer.write(exchange, problem);
    }
}
