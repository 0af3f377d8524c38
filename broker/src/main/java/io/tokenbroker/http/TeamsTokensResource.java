package io.tokenbroker.http;

import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.AccessToken;
import io.tokenbroker.tokens.TeamsExchange;
import io.tokenbroker.tokens.TeamsResult.Exchanged;
import io.tokenbroker.tokens.TeamsResult.Failed;
import io.tokenbroker.tokens.TeamsSignIn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** ACS tokens for Teams users: any caller may exchange an Entra token, as whoever has it is its user. */
@Component
final class TeamsTokensResource implements Resource {

    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private static final int LONGEST_SHOWN = 64;

    private final Bodies bodies;
    private final TeamsExchange teams;

    /** An answer that holds a token; never to be logged. */
    record TeamsTokenJson(String token, Instant expiresOn) {

        static TeamsTokenJson of(AccessToken token) {
            return new TeamsTokenJson(token.value(), token.expiresOn());
        }

        @Override
        public String toString() {
            return "TeamsTokenJson[hidden, expiresOn=" + expiresOn + "]";
        }
    }

    TeamsTokensResource(Bodies bodies, TeamsExchange teams) {
        this.bodies = bodies;
        this.teams = teams;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.EXCHANGE_TEAMS_TOKEN, this::exchange);
    }

    private Mono<ServerResponse> exchange(Call call) {
        return bodies.object(call.request())
                .map(TeamsTokensResource::signIn)
                .flatMap(signIn -> teams.exchange(signIn, call.caller().userId()))
                .flatMap(result -> switch (result) {
                    case Exchanged(AccessToken token) ->
                        ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .cacheControl(CacheControl.noStore())
                                .bodyValue(TeamsTokenJson.of(token));
                    case Failed failed -> TokensResource.answer(failed.why());
                });
    }

    private static TeamsSignIn signIn(ObjectNode body) {
        List<FieldError> errors = new ArrayList<>();
        String token = text(body, "token");
        if (token == null) {
            errors.add(new FieldError("/token", null, "an Entra access token")); // never the value
        }
        String appId = guid(body, "appId", errors);
        String userId = guid(body, "userId", errors);
        if (token == null || !errors.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "errors names what is wrong and what is allowed", errors);
        }
        return new TeamsSignIn(token, appId, userId);
    }

    private static String guid(ObjectNode body, String field, List<FieldError> errors) {
        String text = text(body, field);
        if (text == null || !GUID.matcher(text).matches()) {
            // what is far too long for one may be the token, put into the wrong field
            String shown = text == null || text.length() > LONGEST_SHOWN ? null : text;
            errors.add(new FieldError("/" + field, shown, "a GUID"));
            return "";
        }
        return text;
    }

    private static @Nullable String text(ObjectNode body, String field) {
        JsonNode node = body.path(field);
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }
}
