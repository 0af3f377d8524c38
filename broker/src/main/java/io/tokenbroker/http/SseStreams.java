package io.tokenbroker.http;

import io.tokenbroker.directory.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The streams open on this instance: how many there may be, and that all are asked to go elsewhere when it shuts down,
 * each at a moment of its own.
 */
@Component
final class SseStreams implements SmartLifecycle {

    private static final int MAX_RETRY_MILLIS = 10_000;
    private static final int MIN_RETRY_MILLIS = 1_000;

    private final SseSettings settings;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<UserId, Integer> byCaller = new ConcurrentHashMap<>();
    private volatile Sinks.Empty<Void> drain = Sinks.empty();
    private volatile boolean running;

    SseStreams(SseSettings settings) {
        this.settings = settings;
    }

    /** @throws Problem where this instance or the caller has no stream left */
    Mono<ServerResponse> answer(Caller caller, Flux<ServerSentEvent<String>> events) {
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
        // counted only once the body is subscribed, which is sure to end; counting here could leak
        Flux<ServerSentEvent<String>> counted =
                Flux.using(() -> opened(caller.userId()), userId -> events, this::closed);
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .header(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
                .header("X-Accel-Buffering", "no")
                .body(BodyInserters.fromServerSentEvents(counted));
    }

    /** Tells a stream to say goodbye, with how long its client should wait before it comes back. */
    Mono<Duration> drain() {
        return drain.asMono()
                .then(Mono.fromSupplier(() ->
                        Duration.ofMillis(ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS))));
    }

    /** Closes the connection with what is still to be written to it: its client takes nothing. */
    static void cut(ServerRequest request) {
        Object connection =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        if (connection instanceof HttpServerRequest open) {
            open.withConnection(DisposableChannel::dispose);
        }
    }

    int open() {
        return open.get();
    }

    private UserId opened(UserId userId) {
        open.incrementAndGet();
        byCaller.merge(userId, 1, Integer::sum);
        return userId;
    }

    private void closed(UserId userId) {
        open.decrementAndGet();
        byCaller.computeIfPresent(userId, (user, count) -> count == 1 ? null : count - 1);
    }

    @Override
    public void start() {
        drain = Sinks.empty();
        running = true;
    }

    /** Comes before the web server's own graceful shutdown, which waits for open requests. */
    @Override
    public void stop() {
        running = false;
        drain.tryEmitEmpty();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
