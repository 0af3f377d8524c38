package io.tokenbroker.http;

import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The outcome log in memory: one partition, everything kept, until it is emptied as by retention. */
final class InMemoryOutcomeFeed implements OutcomeFeed {

    static final String TOPIC = "outcomes";

    private final Object lock = new Object();
    private Sinks.Many<Item.Announced> all = Sinks.many().replay().all();
    private long first;
    private long end;

    void announce(OutcomeEvent event) {
        synchronized (lock) {
            Outcome outcome = new Outcome("outcome-" + end, Instant.EPOCH.plusSeconds(end), event, null, null);
            end++;
            all.emitNext(new Item.Announced(at(end), outcome), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** What there is so far is too old to be kept. */
    void forget() {
        synchronized (lock) {
            first = end;
            all = Sinks.many().replay().all();
        }
    }

    @Override
    public Flux<Item> after(@Nullable FeedPosition after) {
        return Flux.defer(() -> {
            synchronized (lock) {
                long asked = after == null
                        ? end
                        : Objects.requireNonNullElse(after.next().get(0), 0L);
                if (after != null && !after.topicId().equals(TOPIC)) {
                    return Flux.concat(Mono.just(new Item.Gap(at(first), Reason.TOPIC)), from(first));
                }
                if (asked < first) {
                    return Flux.concat(Mono.just(new Item.Gap(at(first), Reason.RETENTION)), from(first));
                }
                return Flux.concat(Mono.just(new Item.Started(at(asked))), from(asked));
            }
        });
    }

    private Flux<Item.Announced> from(long offset) {
        return all.asFlux()
                .skipWhile(item -> Objects.requireNonNull(item.position().next().get(0)) <= offset);
    }

    static FeedPosition at(long next) {
        return new FeedPosition(TOPIC, Map.of(0, next));
    }
}
