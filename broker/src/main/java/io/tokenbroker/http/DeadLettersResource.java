package io.tokenbroker.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tokenbroker.directory.LogPosition;
import io.tokenbroker.pipeline.DeadLetters;
import io.tokenbroker.pipeline.DeadLetters.Place;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What could not be applied, for operators. */
@Component
final class DeadLettersResource implements Resource {

    private static final Pattern PLACE = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    private final DeadLetters deadLetters;

    record OriginJson(String topicId, int partition, long offset) {
        private static OriginJson of(LogPosition position) {
            return new OriginJson(position.topicId(), position.partition(), position.offset());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetterJson(
            String id,
            @Nullable String userId,
            @Nullable String type,
            String reason,
            int attempts,
            OriginJson origin,
            Instant since,
            boolean redrivable) {
        private static DeadLetterJson of(DeadLetters.Listed listed) {
            return new DeadLetterJson(
                    text(listed.place()),
                    listed.userId(),
                    listed.eventType(),
                    listed.reason(),
                    listed.attempts(),
                    OriginJson.of(listed.origin()),
                    listed.since(),
                    listed.withBytes());
        }
    }

    /** @param appended where the record lies in the input log now */
    record Redriven(String id, OriginJson appended) {}

    DeadLettersResource(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    @Override
    public Map<Operation, Handler> handlers() {
        return Map.of(Operation.LIST_DEAD_LETTERS, this::list, Operation.REDRIVE_DEAD_LETTER, this::redrive);
    }

    private Mono<ServerResponse> list(Call call) {
        ServerRequest request = call.request();
        int limit = Page.limit(request);
        Place from = Page.<Place>cursor(request, DeadLettersResource::place).orElse(null);
        return deadLetters
                .list(from, limit)
                .onErrorMap(fault -> Logged.unavailable("the dead letters cannot be read at the moment", fault))
                .map(page ->
                        new Page<>(page.items().stream().map(DeadLetterJson::of).toList(), cursor(page.next())))
                .flatMap(page -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(page));
    }

    private Mono<ServerResponse> redrive(Call call) {
        Place place = place(call.segment())
                .orElseThrow(() -> Page.refusal("id", call.segment(), "<partition>-<offset> of the dead letter"));
        return deadLetters
                .redrive(place)
                .onErrorMap(fault -> Logged.unavailable("the dead letter cannot be redriven at the moment", fault))
                .switchIfEmpty(Mono.error(() -> Problem.of(
                        ProblemType.UNKNOWN_DEAD_LETTER, "there is none at that place, or its bytes were not kept")))
                .flatMap(position -> ServerResponse.status(HttpStatus.ACCEPTED)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(new Redriven(text(place), OriginJson.of(position))));
    }

    private static @Nullable String cursor(@Nullable Place next) {
        return next == null ? null : Page.encoded(text(next));
    }

    static String text(Place place) {
        return place.partition() + "-" + place.offset();
    }

    private static Optional<Place> place(String text) {
        Matcher parts = PLACE.matcher(text);
        return parts.matches()
                ? Optional.of(new Place(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }
}
