package io.tokenbroker.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import reactor.core.publisher.Mono;

/**
 * Who may read the actuator's paths besides health: everybody who reaches a management port of its own, whoever is on
 * the same host, and elsewhere {@link Operation#READ_ACTUATOR}. A request that a proxy forwarded is never taken for a
 * local one.
 */
final class MetricsAccess implements ReactiveAuthorizationManager<AuthorizationContext> {

    private final Environment environment;

    MetricsAccess(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Mono<AuthorizationResult> authorize(Mono<Authentication> authentication, AuthorizationContext context) {
        ServerHttpRequest request = context.getExchange().getRequest();
        if (onManagementPort(request) || isLocal(request)) {
            return Mono.just(new AuthorizationDecision(true));
        }
        return authentication
                .ofType(CallerAuthentication.class)
                .map(caller -> Operation.READ_ACTUATOR.privileged(caller.getPrincipal()))
                .defaultIfEmpty(false)
                .map(AuthorizationDecision::new);
    }

    private boolean onManagementPort(ServerHttpRequest request) {
        Integer management = environment.getProperty("local.management.port", Integer.class);
        Integer main = environment.getProperty("local.server.port", Integer.class);
        InetSocketAddress local = request.getLocalAddress();
        return management != null && !management.equals(main) && local != null && local.getPort() == management;
    }

    private static boolean isLocal(ServerHttpRequest request) {
        boolean forwarded = request.getHeaders().containsHeader("Forwarded")
                || request.getHeaders().containsHeader("X-Forwarded-For");
        return !forwarded && isLoopback(request.getRemoteAddress());
    }

    private static boolean isLoopback(@Nullable InetSocketAddress remote) {
        return remote != null
                && remote.getAddress() != null
                && remote.getAddress().isLoopbackAddress();
    }
}
