package io.tokenbroker.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * What passes through a stream of server-sent events, in one order: its content, and what every stream has around it.
 *
 * @param <T> the content
 */
sealed interface Frame<T> {

    /** How long a client waits before it comes back, unless it is told otherwise. */
    Duration RETRY = Duration.ofSeconds(2);

    Duration REAUTH_AHEAD = Duration.ofSeconds(60);

    record Content<T>(T content) implements Frame<T> {}

    record Beat<T>() implements Frame<T> {}

    record Reauth<T>(Instant expiresOn) implements Frame<T> {}

    record Drain<T>(Duration retry) implements Frame<T> {}

    record End<T>() implements Frame<T> {}

    /** How content and heartbeats are written. Called for one frame after the other. */
    interface Writer<T> {

        void write(T content, SynchronousSink<ServerSentEvent<String>> sink);

        default ServerSentEvent<String> heartbeat() {
            return comment("heartbeat");
        }
    }

    /**
     * The stream: it beats, says {@code reauth} before its caller's access token ends, and ends with the content, with
     * that token, or after {@code drain}.
     */
    static <T> Flux<ServerSentEvent<String>> around(
            Flux<T> content,
            Writer<T> writer,
            Duration heartbeat,
            Instant expiresOn,
            Mono<Duration> drain,
            Clock clock) {
        Flux<Frame<T>> told = content.<Frame<T>>map(Content::new).concatWithValues(new End<>());
        Flux<Frame<T>> beats = Flux.interval(heartbeat).onBackpressureDrop().map(beat -> new Beat<>());
        Mono<Frame<T>> reauth = until(expiresOn.minus(REAUTH_AHEAD), clock).thenReturn(new Reauth<>(expiresOn));
        Mono<Frame<T>> end = until(expiresOn, clock).thenReturn(new End<>());
        Mono<Frame<T>> drained = drain.map(Drain::new);
        return Flux.merge(told, beats, reauth, end, drained)
                .takeUntil(frame -> frame instanceof End || frame instanceof Drain)
                .handle((frame, sink) -> write(frame, writer, sink));
    }

    private static <T> void write(Frame<T> frame, Writer<T> writer, SynchronousSink<ServerSentEvent<String>> sink) {
        switch (frame) {
            case Content<T>(T content) -> writer.write(content, sink);
            case Beat<T> beat -> sink.next(writer.heartbeat());
            case Reauth<T>(Instant expiresOn) ->
                sink.next(
                        event("reauth", "{\"expiresOn\":\"" + expiresOn + "\"}").build());
            case Drain<T>(Duration retry) ->
                sink.next(event("drain", "{}").retry(retry).build());
            case End<T> end -> sink.complete();
        }
    }

    /** What a stream begins with, so that its client knows at once that it is open. */
    static ServerSentEvent<String> open() {
        return ServerSentEvent.<String>builder().comment("open").retry(RETRY).build();
    }

    static ServerSentEvent<String> comment(String text) {
        return ServerSentEvent.<String>builder().comment(text).build();
    }

    static ServerSentEvent.Builder<String> event(String name, String data) {
        return ServerSentEvent.<String>builder().event(name).data(data);
    }

    private static Mono<Long> until(Instant moment, Clock clock) {
        Duration left = Duration.between(clock.instant(), moment);
        return Mono.delay(left.isNegative() ? Duration.ZERO : left);
    }
}
