package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.TokenGrant;
import io.tokenbroker.tokens.TokenLeasing;
import io.tokenbroker.tokens.TokenRequest;
import io.tokenbroker.tokens.TokenResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** ACS tokens for users. */
@Component
final class TokensResource implements Resource {

    private static final String A_LIST = "an array of texts";
    private static final String MINUTES = "a whole number of minutes";

    private final Bodies bodies;
    private final TokenLeasing leasing;

    TokensResource(Bodies bodies, TokenLeasing leasing) {
        this.bodies = bodies;
        this.leasing = leasing;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.ISSUE_TOKEN, this::issue);
    }

    private Mono<ServerResponse> issue(Call call) {
        return bodies.object(call.request())
                .map(body -> requested(call, body))
                .flatMap(leasing::token)
                .flatMap(TokensResource::answer);
    }

    static Mono<ServerResponse> answer(TokenResult result) {
        return switch (result) {
            case TokenResult.Issued issued ->
                ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noStore())
                        .bodyValue(TokenJson.of(issued));
            case TokenResult.UnknownUser unknown ->
                Mono.error(Problem.of(ProblemType.UNKNOWN_USER, "the user was never created, or is deleted"));
            case TokenResult.Suspended suspended ->
                Mono.error(Problem.of(ProblemType.USER_SUSPENDED, "no tokens until the user is resumed"));
            case TokenResult.NotReady later ->
                Mono.error(Problem.later(
                        ProblemType.NOT_READY, "no token now: " + later.reason().wireName(), later.retryAfter()));
            case TokenResult.TooMany tooMany ->
                Mono.error(Problem.later(
                        ProblemType.TOO_MANY_TOKENS, "this user had too many new tokens", tooMany.retryAfter()));
            case TokenResult.Refused refused -> Mono.error(invalid(refused.errors()));
            case TokenResult.NotPermitted beyond ->
                Mono.error(Problem.of(
                        ProblemType.FORBIDDEN, "errors names what this caller may not ask for", beyond.errors()));
        };
    }

    /** Whoever has the role is under its permission for their own tokens too. */
    static TokenRequest request(Call call, @Nullable Set<String> scopes, @Nullable Integer minutes) {
        TokenGrant grant = call.privileged() ? TokenGrant.TOKENS_ISSUE : TokenGrant.SELF;
        return new TokenRequest(
                call.user(), scopes, minutes, call.caller().userId().value(), grant);
    }

    private static TokenRequest requested(Call call, ObjectNode body) {
        List<FieldError> errors = new ArrayList<>();
        Set<String> scopes = scopes(body.path("scopes"), errors);
        Integer minutes = minutes(body.path("expiresInMinutes"), errors);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return request(call, scopes, minutes);
    }

    private static @Nullable Set<String> scopes(JsonNode node, List<FieldError> errors) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        Set<String> scopes = new TreeSet<>();
        if (node.isArray() && node.valueStream().allMatch(JsonNode::isString)) {
            node.forEach(scope -> scopes.add(scope.stringValue()));
        } else {
            errors.add(new FieldError("/scopes", node.toString(), A_LIST));
        }
        return scopes;
    }

    private static @Nullable Integer minutes(JsonNode node, List<FieldError> errors) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isInt()) {
            errors.add(new FieldError("/expiresInMinutes", node.toString(), MINUTES));
            return null;
        }
        return node.intValue();
    }

    private static Problem invalid(List<FieldError> errors) {
        return Problem.of(ProblemType.INVALID_REQUEST, "errors names what is wrong and what is allowed", errors);
    }
}
