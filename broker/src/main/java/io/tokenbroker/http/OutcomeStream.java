package io.tokenbroker.http;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * One subscriber's stream of outcomes. Everything that is sent passes one place in one order, so that an id is sent
 * only after every event before it: whatever cuts the stream, the last id received is where to go on.
 */
final class OutcomeStream implements Frame.Writer<OutcomeFeed.Item> {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeStream.class);

    private final Predicate<Outcome> wanted;
    private final SseSettings settings;
    private final Clock clock;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile @Nullable FeedPosition passed;
    private String lastId = "";

    OutcomeStream(Predicate<Outcome> wanted, SseSettings settings, Clock clock) {
        this.wanted = wanted;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * To be subscribed once.
     *
     * @param stalled run when the subscriber took nothing for a heartbeat's time while its queue was full; the stream
     *     has ended then
     */
    Flux<ServerSentEvent<String>> events(
            Flux<OutcomeFeed.Item> feed, Instant expiresOn, Mono<Duration> drain, Runnable stalled) {
        Flux<OutcomeFeed.Item> told = feed.filter(this::keep)
                .publishOn(Schedulers.parallel(), settings.queue()) // what waits for the subscriber, and no more
                .onErrorResume(OutcomeStream::ended);
        return Frame.around(told, this, settings.heartbeat(), expiresOn, drain, clock)
                .takeUntilOther(stall().doOnNext(never -> stalled.run()))
                .startWith(Frame.open());
    }

    /** Comes when the queue was full at two looks, a heartbeat apart, and nothing was taken between them. */
    private Mono<Long> stall() {
        return Flux.interval(settings.heartbeat())
                .map(look -> sent.get())
                .buffer(2, 1)
                .filter(looks ->
                        looks.getFirst().equals(looks.getLast()) && queued.get() - sent.get() >= settings.queue())
                .map(List::getLast)
                .next();
    }

    /** Counts before it lets pass, so that a count that was caught up with means that nothing waits. */
    private boolean keep(OutcomeFeed.Item item) {
        boolean kept = !(item instanceof OutcomeFeed.Item.Announced announced) || wanted.test(announced.outcome());
        if (kept) {
            queued.incrementAndGet();
        }
        passed = item.position();
        return kept;
    }

    @Override
    public void write(OutcomeFeed.Item item, SynchronousSink<ServerSentEvent<String>> sink) {
        sink.next(told(item));
    }

    private ServerSentEvent<String> told(OutcomeFeed.Item item) {
        sent.incrementAndGet();
        lastId = PositionCodec.encode(item.position());
        return switch (item) {
            case OutcomeFeed.Item.Announced announced ->
                Frame.event(announced.outcome().event().type(), OutcomeJson.of(announced.outcome()))
                        .id(lastId)
                        .build();
            case OutcomeFeed.Item.Started started ->
                ServerSentEvent.<String>builder().id(lastId).comment("started").build();
            case OutcomeFeed.Item.Gap gap -> gap(gap.reason()).id(lastId).build();
        };
    }

    /** A comment, and the position where only events that this subscriber does not want have passed since. */
    @Override
    public ServerSentEvent<String> heartbeat() {
        FeedPosition position = passed; // read before the counts
        ServerSentEvent.Builder<String> beat = ServerSentEvent.<String>builder().comment("heartbeat");
        if (position != null && queued.get() == sent.get()) {
            String id = PositionCodec.encode(position);
            if (!id.equals(lastId)) {
                lastId = id;
                beat.id(id);
            }
        }
        return beat.build();
    }

    /** Says that something may be missing before what follows. */
    static ServerSentEvent.Builder<String> gap(OutcomeFeed.Reason reason) {
        return Frame.event("gap", "{\"reason\":\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}");
    }

    /** Ends the stream in the ordinary way: its client comes back with the last id it has. */
    private static Flux<OutcomeFeed.Item> ended(Throwable fault) {
        if (!Exceptions.isOverflow(fault)) {
            LOG.atWarn().addKeyValue("fault", LogSafe.escaped(fault.toString())).log("a stream of outcomes broke off");
        }
        return Flux.empty();
    }
}
