package io.tokenbroker.http;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses access tokens in the query string (RFC 6750, section 5.3), where proxies log them; ignoring them would let
 * a client go on leaking.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TokenInQueryFilter implements WebFilter {

    private static final String PARAMETER = "access_token";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getRequest().getQueryParams().containsKey(PARAMETER)) {
            return Mono.error(Problem.of(
                    ProblemType.TOKEN_IN_QUERY, "an access token is sent in the header 'Authorization: Bearer ...'"));
        }
        return chain.filter(exchange);
    }
}
