package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/token-events}: outcomes as server-sent events. Callers without a role see their own alone. */
@Component
final class OutcomesResource implements Resource {

    private final OutcomeFeed feed;
    private final SseStreams streams;
    private final OutcomeFrames frames;

    OutcomesResource(OutcomeFeed feed, SseStreams streams, OutcomeFrames frames) {
        this.frames = frames;
        this.feed = feed;
        this.streams = streams;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.STREAM_OUTCOMES, this::stream);
    }

    private Mono<ServerResponse> stream(Call call) {
        Wanted wanted = new Wanted(users(call), Set.copyOf(parameters(call, "type")));
        Optional<String> lastId = lastEventId(call.request());
        Optional<FeedPosition> after = lastId.flatMap(PositionCodec::decode);
        boolean garbage = lastId.isPresent() && after.isEmpty();
        return streams.answer(
                call.caller(),
                SseWire.of(call.request().exchange().getRequest()),
                new OutcomeContent(frames, feed, wanted, after.orElse(null), garbage));
    }

    /** Browsers repeat the first URL when they reconnect, so that the header is the newer of the two. */
    private static Optional<String> lastEventId(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
                .or(() -> request.queryParam("lastEventId"))
                .filter(id -> !id.isEmpty());
    }

    private static Set<String> users(Call call) {
        UserId self = call.caller().userId();
        Set<UserId> named = parameters(call, "user").stream()
                .map(value -> UserIdCodec.fromParameter(value, self))
                .collect(Collectors.toSet());
        if (!call.privileged()) {
            if (!Set.of(self).containsAll(named)) {
                throw call.operation().access().refusal();
            }
            named.add(self);
        }
        return named.stream().map(UserId::value).collect(Collectors.toSet());
    }

    private static List<String> parameters(Call call, String name) {
        return call.request().queryParams().getOrDefault(name, List.of());
    }
}
