package io.tokenbroker.http;

import io.tokenbroker.outcomes.OutcomeIds;
import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.LogRanges;
import io.tokenbroker.replay.LogRanges.Resolution;
import io.tokenbroker.replay.Mode;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.replay.ScanRange;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/replays}: the log's history applied, whichever instance is asked. */
@Component
final class ReplaysResource implements Resource {

    private final Bodies bodies;
    private final Replays replays;
    private final LogRanges ranges;
    private final SseStreams streams;
    private final Clock clock;
    private final OutcomeIds ids = new OutcomeIds();

    ReplaysResource(Bodies bodies, Replays replays, LogRanges ranges, SseStreams streams, Clock clock) {
        this.bodies = bodies;
        this.replays = replays;
        this.ranges = ranges;
        this.streams = streams;
        this.clock = clock;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(
                Operation.START_REPLAY, this::start,
                Operation.LIST_REPLAYS, this::list,
                Operation.GET_REPLAY, this::get,
                Operation.PAUSE_REPLAY, call -> control(call, replays::pause),
                Operation.RESUME_REPLAY, call -> control(call, replays::resume),
                Operation.CANCEL_REPLAY, call -> control(call, replays::cancel),
                Operation.STREAM_REPLAY, this::stream);
    }

    private Mono<ServerResponse> start(Call call) {
        return bodies.object(call.request())
                .map(ReplayReader::read)
                .flatMap(asked -> ranges.resolve(log(asked.mode()), asked.from(), asked.to(), asked.acceptGap())
                        .onErrorMap(fault -> Logged.unavailable("the log cannot be asked at the moment", fault))
                        .map(ReplaysResource::resolved)
                        .map(range -> request(asked, range, call)))
                .flatMap(request -> replays.start(request)
                        .onErrorMap(fault -> Logged.unavailable("the replay cannot be started at the moment", fault)))
                .map(ReplaysResource::done)
                .flatMap(job -> ServerResponse.accepted()
                        .location(URI.create("/v1/replays/" + job.id()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(ReplayJson.of(job)));
    }

    private static LogRanges.Log log(Mode mode) {
        return switch (mode) {
            case PROVISION, REBUILD -> LogRanges.Log.EVENTS;
            case REDRIVE -> LogRanges.Log.DEAD_LETTERS;
        };
    }

    private static ScanRange resolved(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Resolved resolved -> resolved.range();
            case Resolution.Invalid invalid ->
                throw Problem.of(
                        ProblemType.INVALID_REQUEST,
                        "errors names what is wrong and what is allowed",
                        invalid.errors());
            case Resolution.Gap gap ->
                throw Problem.of(
                        ProblemType.RETENTION_GAP,
                        "retention has deleted records of the range: " + String.join("; ", gap.missing())
                                + "; what they said is not known; allowed: a later from, or acceptGap: true");
        };
    }

    private ReplayRequest request(ReplayReader.Asked asked, ScanRange range, Call call) {
        boolean reads = asked.mode() != Mode.REBUILD;
        return new ReplayRequest(
                ids.next(),
                asked.mode(),
                reads ? range : new ScanRange(range.topicId(), List.of()),
                asked.filter(),
                asked.letters(),
                asked.dryRun(),
                asked.withTokens(),
                asked.acceptGap(),
                call.caller().userId().value(),
                clock.instant());
    }

    private Mono<ServerResponse> list(Call call) {
        List<ReplayJson> items = replays.all().stream().map(ReplayJson::of).toList();
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(new Page<>(items, null));
    }

    private Mono<ServerResponse> get(Call call) {
        return answer(known(call));
    }

    private Mono<ServerResponse> control(Call call, BiFunction<String, String, Mono<Replays.Result>> wish) {
        return wish.apply(call.segment(), call.caller().userId().value())
                .onErrorMap(fault -> Logged.unavailable("the replay cannot be reached at the moment", fault))
                .flatMap(result -> answer(done(result)));
    }

    private Mono<ServerResponse> stream(Call call) {
        Job job = known(call);
        return streams.answer(
                call.caller(),
                SseWire.of(call.request().exchange().getRequest()),
                new ReplayContent(replays.follow(job.id())));
    }

    private Job known(Call call) {
        return replays.find(call.segment()).orElseThrow(ReplaysResource::unknown);
    }

    private static Job done(Replays.Result result) {
        return switch (result) {
            case Replays.Result.Done done -> done.job();
            case Replays.Result.Unknown unknown -> throw unknown();
            case Replays.Result.Conflict conflict -> throw Problem.of(ProblemType.REPLAY_CONFLICT, conflict.why());
        };
    }

    private static Problem unknown() {
        return Problem.of(ProblemType.UNKNOWN_REPLAY, "no replay has this id; GET /v1/replays lists them");
    }

    private static Mono<ServerResponse> answer(Job job) {
        return ServerResponse.status(HttpStatus.OK)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(ReplayJson.of(job));
    }
}
