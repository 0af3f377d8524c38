package io.tokenbroker.http;

import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.ConfirmedDirectory.Unconfirmed;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.intake.FieldError;
import io.tokenbroker.tokens.TokenFollowing;
import io.tokenbroker.tokens.TokenPolicy;
import io.tokenbroker.tokens.TokenRequest;
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
    private final ConfirmedDirectory directory;
    private final SseStreams streams;

    TokenStreamResource(TokenFollowing tokens, ConfirmedDirectory directory, SseStreams streams) {
        this.tokens = tokens;
        this.directory = directory;
        this.streams = streams;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.STREAM_TOKENS, this::stream);
    }

    private Mono<ServerResponse> stream(Call call) {
        Set<String> scopes = scopes(call);
        List<FieldError> problems = TokenPolicy.problems(scopes, null);
        if (!problems.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "errors names what is wrong and what is allowed", problems);
        }
        var request = new TokenRequest(
                call.user(), scopes, null, call.caller().userId().value());
        return directory
                .confirmed(call.user())
                .onErrorMap(
                        Unconfirmed.class, e -> Problem.later(ProblemType.NOT_READY, "no token now: unconfirmed", SOON))
                .flatMap(known -> {
                    requireKnown(known);
                    return streams.answer(
                            call.caller(),
                            SseWire.of(call.request().exchange().getRequest()),
                            new TokenContent(tokens.follow(request)));
                });
    }

    /** One who is suspended has a stream all the same, which goes on when they are resumed. */
    private static void requireKnown(Optional<DirectoryEntry> known) {
        boolean there = known.filter(entry -> switch (entry.standing()) {
                    case UNKNOWN, GONE -> false;
                    case ACTIVE, SUSPENDED -> true;
                })
                .isPresent();
        if (!there) {
            throw Problem.of(ProblemType.UNKNOWN_USER, "the user was never created, or is deleted");
        }
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
