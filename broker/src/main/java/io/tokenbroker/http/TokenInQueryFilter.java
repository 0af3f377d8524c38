package io.tokenbroker.http;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses access tokens in the query string (RFC 6750, section 5.3), where proxies log them; ignoring them would let
 * a client go on leaking.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // a page of another origin may read why
final class TokenInQueryFilter implements WebFilter {

    private static final String PARAMETER = "access_token";

    /** A JWT by any other name; it begins with a JSON object in base64url. */
    private static final Pattern JWT = Pattern.compile("(?:Bearer )?eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        MultiValueMap<String, String> parameters = exchange.getRequest().getQueryParams();
        if (parameters.containsKey(PARAMETER)
                || parameters.values().stream().flatMap(List::stream).anyMatch(TokenInQueryFilter::isJwt)) {
            return Mono.error(Problem.of(
                    ProblemType.TOKEN_IN_QUERY, "an access token is sent in the header 'Authorization: Bearer ...'"));
        }
        return chain.filter(exchange);
    }

    private static boolean isJwt(@Nullable String value) {
        return value != null && JWT.matcher(value).matches();
    }
}
