package io.tokenbroker.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets pages of the configured origins read the broker's answers, refusals among them, and call it with a JWT (CORS).
 * A preflight, which browsers send without one, is answered here. Cookies are none of it: the answers never allow
 * credentials. To a page of another origin nothing is allowed, but its plain requests are not refused either: what they
 * may do is the JWT's to say, and behind a proxy the broker's own origin looks like a foreign one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class CorsFilter implements WebFilter {

    private static final Duration PREFLIGHT_LASTS = Duration.ofHours(1);

    private final CorsConfiguration cors = new CorsConfiguration();
    private final DefaultCorsProcessor processor = new DefaultCorsProcessor();
    private final boolean on;
    private final ProblemWriter problems;

    CorsFilter(CorsSettings settings, ProblemWriter problems) {
        this.on = !settings.origins().isEmpty();
        this.problems = problems;
        cors.setAllowedOrigins(settings.origins());
        cors.setAllowedMethods(methods());
        cors.setAllowedHeaders(
                List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE, "Last-Event-ID", Preference.HEADER));
        cors.setExposedHeaders(List.of(HttpHeaders.RETRY_AFTER, Preference.APPLIED));
        cors.setMaxAge(PREFLIGHT_LASTS);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (!on || isActuators(request)) {
            return chain.filter(exchange);
        }
        boolean preflight = CorsUtils.isPreFlightRequest(request);
        boolean known = cors.checkOrigin(request.getHeaders().getOrigin()) != null;
        if (!known && !preflight) {
            exchange.getResponse().getHeaders().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            return chain.filter(exchange);
        }
        boolean allowed = known && processor.process(cors, exchange);
        if (!allowed) {
            return problems.write(exchange, refusal());
        }
        return preflight ? Mono.empty() : chain.filter(exchange);
    }

    private static Problem refusal() {
        return Problem.of(
                ProblemType.FORBIDDEN,
                "pages of this origin may not make this request; see tokenbroker.security.cors.allowed-origins");
    }

    /** Those are for operators and no page. */
    private static boolean isActuators(ServerHttpRequest request) {
        return request.getURI().getRawPath().startsWith("/actuator");
    }

    private static List<String> methods() {
        return Arrays.stream(Operation.values())
                .map(Operation::method)
                .distinct()
                .map(HttpMethod::name)
                .sorted()
                .toList();
    }
}
