package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Brings each request to its operation, and lets in those the operation's {@link Access} lets in. */
@Component
final class Router implements RouterFunction<ServerResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Map<Operation, Resource.Handler> handlers = new EnumMap<>(Operation.class);

    /** @throws IllegalStateException unless every operation has exactly one handler */
    Router(List<Resource> resources) {
        for (Resource resource : resources) {
            resource.handlers().forEach((operation, handler) -> {
                if (handlers.put(operation, handler) != null) {
                    throw new IllegalStateException(operation + " is handled twice");
                }
            });
        }
        for (Operation operation : Operation.values()) {
            if (!handlers.containsKey(operation)) {
                throw new IllegalStateException(operation + " is handled nowhere");
            }
        }
    }

    @Override
    public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        List<String> path =
                PathTemplate.segments(request.exchange().getRequest().getURI().getRawPath());
        List<Operation> here = Arrays.stream(Operation.values())
                .filter(operation -> operation.template().matches(path))
                .toList();
        if (here.isEmpty()) {
            return Mono.empty();
        }
        HttpMethod method = request.method();
        Optional<Operation> called = find(here, operation -> operation.method().equals(method));
        return Mono.just(called.<HandlerFunction<ServerResponse>>map(operation ->
                        found -> call(operation, found, operation.template().variable(path)))
                .orElseGet(() -> found -> Mono.error(methodNotAllowed(method, here))));
    }

    @Override
    public void accept(RouterFunctions.Visitor visitor) {
        visitor.unknown(this);
    }

    private Mono<ServerResponse> call(Operation operation, ServerRequest request, String segment) {
        // metrics and traces of HTTP name the operation by its template, or would know none
        ServerRequestObservationContext.findCurrent(request.exchange().getAttributes())
                .ifPresent(
                        observed -> observed.setPathPattern(operation.template().text()));
        return request.principal()
                .ofType(CallerAuthentication.class)
                .map(authentication -> Optional.of(authentication.getPrincipal()))
                .defaultIfEmpty(Optional.empty())
                .flatMap(caller -> handle(operation, request, segment, caller.orElse(null)));
    }

    private Mono<ServerResponse> handle(
            Operation operation, ServerRequest request, String segment, @Nullable Caller caller) {
        UserId user = operation.template().namesUser() && caller != null
                ? UserIdCodec.fromSegment(segment, caller.userId())
                : null;
        if (!allowed(operation.access(), caller, user)) {
            return Mono.error(refusal(operation, caller));
        }
        Resource.Handler handler = handlers.get(operation);
        if (handler == null) {
            throw new IllegalStateException();
        }
        return handler.handle(new Call(operation, request, segment, caller, user));
    }

    private static Problem refusal(Operation operation, @Nullable Caller caller) {
        if (caller == null) {
            return Problem.of(ProblemType.UNAUTHENTICATED, "no access token was sent");
        }
        LOG.atInfo()
                .addKeyValue("operation", operation)
                .addKeyValue("caller", LogSafe.quoted(caller.userId()))
                .log("a caller was refused");
        return operation.access().refusal();
    }

    private static boolean allowed(Access access, @Nullable Caller caller, @Nullable UserId user) {
        if (access.own() == Access.Own.PUBLIC) {
            return true;
        }
        if (caller == null) {
            return false;
        }
        return switch (access.own()) {
            case NOTHING, PUBLIC -> access.privileged(caller);
            case PATH_USER -> access.privileged(caller) || caller.userId().equals(user);
            case RESTRICTED -> true;
        };
    }

    private static Optional<Operation> find(List<Operation> operations, Predicate<Operation> wanted) {
        return operations.stream().filter(wanted).findFirst();
    }

    private static Problem methodNotAllowed(HttpMethod method, List<Operation> here) {
        String allowed = here.stream()
                .map(operation -> operation.method().name())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        String detail = LogSafe.escaped(method.name()) + " is not allowed here; allowed: " + allowed;
        return Problem.of(ProblemType.METHOD_NOT_ALLOWED, detail).with(HttpHeaders.ALLOW, allowed);
    }
}
