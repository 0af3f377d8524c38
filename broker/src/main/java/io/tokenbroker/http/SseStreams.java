package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The streams open on this instance: how many there may be, the one clock that all of them go by, and that all are asked
 * to go elsewhere when it shuts down, each to come back at another moment.
 */
@Component
final class SseStreams implements SmartLifecycle {

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LEAVING = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MAX_RETRY_MILLIS = 10_000;
    private static final int MIN_RETRY_MILLIS = 1_000;

    private final SseSettings settings;
    private final Clock clock;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong stalled = new AtomicLong();
    private final Map<UserId, Integer> byCaller = new ConcurrentHashMap<>();
    private final Set<SseStream> streams = ConcurrentHashMap.newKeySet();
    private volatile Disposable ticking = Disposables.disposed();
    private volatile boolean leaving;
    private volatile boolean running;

    SseStreams(SseSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws Problem where this instance or the caller has no stream left */
    Mono<ServerResponse> answer(Caller caller, SseWire wire, SseContent content) {
        if (open.get() >= settings.maxStreams()) {
            throw Problem.later(
                    ProblemType.STREAMS_EXHAUSTED,
                    "this instance serves its " + settings.maxStreams() + " streams already",
                    Duration.ofSeconds(5));
        }
        if (byCaller.getOrDefault(caller.userId(), 0) >= settings.maxStreamsPerCaller()) {
            throw Problem.later(
                    ProblemType.TOO_MANY_STREAMS,
                    "a caller may have " + settings.maxStreamsPerCaller() + " streams open at a time",
                    Duration.ofSeconds(5));
        }
        UserId userId = caller.userId();
        Instant expiresOn = caller.expiresOn();
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                .header("X-Accel-Buffering", "no")
                // counted only once the body is sent, which is sure to end; counting here could leak
                .body((response, context) -> Mono.using(
                        () -> opened(userId, expiresOn, wire, content, response.bufferFactory()),
                        response::writeWith,
                        stream -> closed(userId, stream)));
    }

    private SseStream opened(
            UserId userId, Instant expiresOn, SseWire wire, SseContent content, DataBufferFactory buffers) {
        SseStream stream = new SseStream(content, buffers, wire, expiresOn, settings.heartbeat(), clock.instant());
        open.incrementAndGet();
        byCaller.merge(userId, 1, Integer::sum);
        streams.add(stream);
        if (leaving) {
            stream.leave(retry());
        }
        return stream;
    }

    private void closed(UserId userId, SseStream stream) {
        streams.remove(stream);
        open.decrementAndGet();
        byCaller.computeIfPresent(userId, (user, count) -> count == 1 ? null : count - 1);
    }

    private void tick() {
        long now = clock.millis();
        for (SseStream stream : streams) {
            if (stream.tick(now)) {
                stalled.incrementAndGet();
            }
        }
    }

    private static Duration retry() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS));
    }

    int open() {
        return open.get();
    }

    /** How many were cut off so far, as their clients took nothing. */
    long stalled() {
        return stalled.get();
    }

    @Override
    public void start() {
        leaving = false;
        running = true;
        ticking = Schedulers.parallel()
                .schedulePeriodically(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /**
     * Comes before the web server's own graceful shutdown, which waits for open requests. Who has not taken the goodbye
     * by and by is cut off.
     */
    @Override
    public void stop(Runnable callback) {
        leaving = true;
        streams.forEach(stream -> stream.leave(retry()));
        awaitLeft(System.nanoTime() + LEAVING.toNanos(), callback);
    }

    private void awaitLeft(long until, Runnable callback) {
        boolean late = System.nanoTime() > until;
        if (late) {
            streams.forEach(SseStream::cut);
        }
        if (late || streams.isEmpty()) {
            ticking.dispose();
            running = false;
            callback.run();
            return;
        }
        Schedulers.parallel().schedule(() -> awaitLeft(until, callback), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
