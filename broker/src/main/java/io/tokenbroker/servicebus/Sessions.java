package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Receives from several sessions at a time, and of each one message after the other. */
final class Sessions implements Function<Mono<Void>, Mono<Void>> {

    /** A session without messages for so long gives its place to another. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Receivers receivers;
    private final int concurrency;
    private final Handler handler;
    private final Locks locks;
    private final Trouble bus;
    private final Clock clock;

    Sessions(Receivers receivers, int concurrency, Handler handler, Locks locks, Trouble bus, Clock clock) {
        this.receivers = receivers;
        this.concurrency = concurrency;
        this.handler = handler;
        this.locks = locks;
        this.bus = bus;
        this.clock = clock;
    }

    @Override
    public Mono<Void> apply(Mono<Void> stopping) {
        return Flux.usingWhen(
                        Mono.fromSupplier(receivers::openSessions),
                        sessions -> Flux.range(0, concurrency)
                                .flatMap(
                                        place -> Mono.defer(() -> next(sessions, stopping))
                                                .repeat()
                                                .takeUntilOther(stopping),
                                        concurrency),
                        sessions -> Receivers.closed(sessions::close))
                .then();
    }

    private Mono<Void> next(ServiceBusSessionReceiverAsyncClient sessions, Mono<Void> stopping) {
        return Flux.usingWhen(
                        sessions.acceptNextSession(),
                        client -> locks.during(
                                new Turn(client).untilIdle(stopping),
                                OffsetDateTime.now(clock), // asked at once, as the client does not say until when
                                client::renewSessionLock),
                        client -> Receivers.closed(client::close))
                .then()
                .onErrorResume(BusFault::isLockLost, lost -> Mono.empty());
    }

    /** The messages of one session. */
    private final class Turn {

        private final ServiceBusReceiverAsyncClient client;
        private volatile boolean busy;
        private volatile long lastBusy = System.nanoTime();

        Turn(ServiceBusReceiverAsyncClient client) {
            this.client = client;
        }

        Mono<Void> untilIdle(Mono<Void> stopping) {
            Mono<Long> idle = Flux.interval(LOOK_EVERY).filter(tick -> isIdle()).next();
            return client.receiveMessages()
                    .takeUntilOther(Mono.firstWithSignal(idle.then(), stopping))
                    .doOnNext(message -> {
                        busy = true;
                        bus.over();
                    })
                    .concatMap(
                            message -> handler.handle(client, message).doFinally(end -> {
                                lastBusy = System.nanoTime();
                                busy = false;
                            }),
                            0)
                    .then();
        }

        private boolean isIdle() {
            return !busy && System.nanoTime() - lastBusy > IDLE.toNanos();
        }
    }
}
