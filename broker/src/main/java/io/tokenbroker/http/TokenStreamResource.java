package io.tokenbroker.http;

import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.tokens.TokenFollowing;
import io.tokenbroker.tokens.TokenPolicy;
import io.tokenbroker.tokens.TokenRequest;
import io.tokenbroker.tokens.TokenResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/users/{id}/tokens/stream}: the user's token, and the next one before it is needed. */
@Component
final class TokenStreamResource implements Resource {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final TokenFollowing tokens;
    private final TokenPolicy policy;
    private final ConfirmedDirectory directory;
    private final SseStreams streams;

    TokenStreamResource(TokenFollowing tokens, TokenPolicy policy, ConfirmedDirectory directory, SseStreams streams) {
        this.tokens = tokens;
        this.policy = policy;
        this.directory = directory;
        this.streams = streams;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.STREAM_TOKENS, this::stream);
    }

    private Mono<ServerResponse> stream(Call call) {
        TokenRequest request = TokensResource.request(call, scopes(call), null);
        Optional<TokenResult> refusal = policy.refusal(request);
        if (refusal.isPresent()) {
            return TokensResource.answer(refusal.get());
        }
        return directory
                .confirmed(call.user())
                .onErrorMap(
                        Unconfirmed.class, e -> Problem.later(ProblemType.NOT_READY, "no token now: unconfirmed", SOON))
                .map(TokenStreamResource::requireKnown)
                .flatMap(entry -> policy.refusal(request, entry)
                        .map(TokensResource::answer)
                        .orElseGet(() -> streams.answer(
                                call.caller(),
                                SseWire.of(call.request().exchange().getRequest()),
                                new TokenContent(tokens.follow(request)))));
    }

    /** One who is suspended has a stream all the same, which goes on when they are resumed. */
    private static DirectoryEntry requireKnown(Optional<DirectoryEntry> known) {
        return known.filter(entry -> switch (entry.standing()) {
                    case UNKNOWN, GONE -> false;
                    case ACTIVE, SUSPENDED -> true;
                })
                .orElseThrow(() -> Problem.of(ProblemType.UNKNOWN_USER, "the user was never created, or is deleted"));
    }

    /** Separated by commas or repeated; {@code null} where the parameter is absent. */
    private static @Nullable Set<String> scopes(Call call) {
        List<String> given = call.request().queryParams().get("scopes");
        if (given == null) {
            return null;
        }
        Set<String> scopes = new TreeSet<>();
        given.forEach(list -> scopes.addAll(List.of(list.split("[ ,]+", -1))));
        return scopes;
    }
}
