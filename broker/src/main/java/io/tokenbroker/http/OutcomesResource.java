package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code /v1/token-events}: outcomes as server-sent events. Callers without a role see their own alone. */
@Component
final class OutcomesResource implements Resource {

    private final OutcomeFeed feed;
    private final SseStreams streams;
    private final SseSettings settings;
    private final Clock clock;

    OutcomesResource(OutcomeFeed feed, SseStreams streams, SseSettings settings, Clock clock) {
        this.feed = feed;
        this.streams = streams;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.STREAM_OUTCOMES, this::stream);
    }

    private Mono<ServerResponse> stream(Call call) {
        Predicate<Outcome> wanted = wanted(call);
        Optional<String> lastId = lastEventId(call.request());
        Optional<FeedPosition> after = lastId.flatMap(PositionCodec::decode);
        boolean garbage = lastId.isPresent() && after.isEmpty();
        OutcomeStream stream = new OutcomeStream(wanted, settings, clock);
        Flux<ServerSentEvent<String>> events = stream.events(
                feed.after(after.orElse(null)),
                call.caller().expiresOn(),
                streams.drain(),
                () -> SseStreams.cut(call.request()));
        if (garbage) {
            events = events.startWith(
                    OutcomeStream.gap(OutcomeFeed.Reason.POSITION).build());
        }
        return streams.answer(call.caller(), events);
    }

    /** Browsers repeat the first URL when they reconnect, so that the header is the newer of the two. */
    private static Optional<String> lastEventId(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader("Last-Event-ID"))
                .or(() -> request.queryParam("lastEventId"))
                .filter(id -> !id.isEmpty());
    }

    private static Predicate<Outcome> wanted(Call call) {
        Set<String> users = users(call);
        Set<String> types = new HashSet<>(parameters(call, "type"));
        return outcome -> (users.isEmpty() || users.contains(outcome.event().userId()))
                && (types.isEmpty() || types.contains(outcome.event().type()));
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
