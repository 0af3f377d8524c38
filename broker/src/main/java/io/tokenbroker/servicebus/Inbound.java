package io.tokenbroker.servicebus;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Receives lifecycle events for as long as it runs: whatever goes wrong, it begins again, with growing pauses. */
final class Inbound {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final long END = -1;

    private final Function<Mono<Void>, Mono<Void>> receiving;
    private final Trouble bus;
    private final Trouble kafka;
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private volatile Disposable running = () -> {};
    private volatile boolean stopped;

    /** @param receiving takes messages until it is told to stop, and ends when they are settled */
    Inbound(Function<Mono<Void>, Mono<Void>> receiving, Trouble bus, Trouble kafka) {
        this.receiving = receiving;
        this.bus = bus;
        this.kafka = kafka;
    }

    void start() {
        Retry patience = Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .scheduler(Schedulers.boundedElastic())
                .transientErrors(true)
                .doBeforeRetry(signal -> bus.because(BusFault.reason(signal.failure())));
        running = Flux.defer(this::receive)
                .repeat(() -> !stopped)
                .retryWhen(patience)
                .doFinally(signal -> ended.tryEmitEmpty())
                .subscribe();
    }

    /** Says something once it goes well, so that the pauses begin anew. The client does not say when its link is open. */
    private Flux<Long> receive() {
        Mono<Long> well = Mono.delay(NamespaceAccess.LONGEST_ATTEMPT).doOnNext(tick -> bus.over());
        return Flux.merge(receiving.apply(stopping.asMono()).then(Mono.just(END)), well)
                .takeUntil(said -> said == END);
    }

    /** Takes nothing more, and ends when all that was taken is settled or the time is up. */
    Mono<Void> stop(Duration patience) {
        return Mono.defer(() -> {
            stopped = true;
            stopping.tryEmitEmpty();
            return ended.asMono().timeout(patience).onErrorComplete().doFinally(signal -> running.dispose());
        });
    }

    /** Why nothing goes in; empty while it does. */
    Optional<String> trouble() {
        return Stream.of(bus.now(), kafka.now()).flatMap(Optional::stream).findFirst();
    }
}
