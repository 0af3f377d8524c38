package io.tokenbroker.http;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Handles requests on other threads than the one that reads them. reactor-netty up to 1.3.7 stops reading a kept-alive
 * connection when a request that had to wait for the one before it is answered within the very turn that took it up
 * (reactor-netty issue 4361); an answer from another thread never is. To go once Spring Boot manages a newer one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class OffEventLoopFilter implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerWebExchange moved =
                exchange.mutate().request(new Body(exchange.getRequest())).build();
        return Mono.defer(() -> chain.filter(moved)).subscribeOn(Schedulers.parallel());
    }

    /** A body goes on arriving on the event loop, and takes whoever waits for it there. */
    private static final class Body extends ServerHttpRequestDecorator {
        Body(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().publishOn(Schedulers.parallel());
        }
    }
}
