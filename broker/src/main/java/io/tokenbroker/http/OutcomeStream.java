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
final class OutcomeStream {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeStream.class);
    private static final Duration REAUTH_AHEAD = Duration.ofSeconds(60);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private sealed interface Signal {
        record Told(OutcomeFeed.Item item) implements Signal {}

        record Beat() implements Signal {}

        record Reauth(Instant expiresOn) implements Signal {}

        record Drain(Duration retry) implements Signal {}

        record End() implements Signal {}
    }

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
        Flux<Signal> told = feed.filter(this::keep)
                .publishOn(Schedulers.parallel(), settings.queue()) // what waits for the subscriber, and no more
                .<Signal>map(Signal.Told::new)
                .onErrorResume(OutcomeStream::ended)
                .concatWithValues(new Signal.End());
        Flux<Signal> beats =
                Flux.interval(settings.heartbeat()).onBackpressureDrop().map(beat -> new Signal.Beat());
        Mono<Signal> reauth = until(expiresOn.minus(REAUTH_AHEAD)).thenReturn(new Signal.Reauth(expiresOn));
        Mono<Signal> end = until(expiresOn).thenReturn(new Signal.End());
        Mono<Signal> drained = drain.map(Signal.Drain::new);
        return Flux.merge(told, beats, reauth, end, drained)
                .takeUntil(signal -> signal instanceof Signal.End || signal instanceof Signal.Drain)
                .<ServerSentEvent<String>>handle(this::write)
                .takeUntilOther(stall().doOnNext(never -> stalled.run()))
                .startWith(ServerSentEvent.<String>builder()
                        .comment("open")
                        .retry(RETRY)
                        .build());
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

    private void write(Signal signal, SynchronousSink<ServerSentEvent<String>> sink) {
        switch (signal) {
            case Signal.Told told -> sink.next(told(told.item()));
            case Signal.Beat beat -> sink.next(heartbeat());
            case Signal.Reauth reauth ->
                sink.next(event("reauth", "{\"expiresOn\":\"" + reauth.expiresOn() + "\"}")
                        .build());
            case Signal.Drain drain ->
                sink.next(event("drain", "{}").retry(drain.retry()).build());
            case Signal.End end -> sink.complete();
        }
    }

    private ServerSentEvent<String> told(OutcomeFeed.Item item) {
        sent.incrementAndGet();
        lastId = PositionCodec.encode(item.position());
        return switch (item) {
            case OutcomeFeed.Item.Announced announced ->
                event(announced.outcome().event().type(), OutcomeJson.of(announced.outcome()))
                        .id(lastId)
                        .build();
            case OutcomeFeed.Item.Started started ->
                ServerSentEvent.<String>builder().id(lastId).comment("started").build();
            case OutcomeFeed.Item.Gap gap -> gap(gap.reason()).id(lastId).build();
        };
    }

    /** A comment, and the position where only events that this subscriber does not want have passed since. */
    private ServerSentEvent<String> heartbeat() {
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
        return event("gap", "{\"reason\":\"" + reason.name().toLowerCase(Locale.ROOT) + "\"}");
    }

    private static ServerSentEvent.Builder<String> event(String name, String data) {
        return ServerSentEvent.<String>builder().event(name).data(data);
    }

    /** Ends the stream in the ordinary way: its client comes back with the last id it has. */
    private static Flux<Signal> ended(Throwable fault) {
        if (!Exceptions.isOverflow(fault)) {
            LOG.atWarn().addKeyValue("fault", LogSafe.escaped(fault.toString())).log("a stream of outcomes broke off");
        }
        return Flux.empty();
    }

    private Mono<Long> until(Instant moment) {
        Duration left = Duration.between(clock.instant(), moment);
        return Mono.delay(left.isNegative() ? Duration.ZERO : left);
    }
}
