package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Receives from several sessions at a time, and of each one message after the other. */
final class Sessions implements Function<Mono<Void>, Mono<Void>> {

    /** A session without messages for so long gives its place to another. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** After a fault that passes by itself. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

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
                        client -> new Shift(client, stopping).untilOver(),
                        client -> Receivers.closed(client::close))
                .then();
    }

    /**
     * What several places receive with one client. Each ends only when what it has taken is settled, whatever becomes of
     * the others.
     */
    private final class Shift {

        private final ServiceBusSessionReceiverAsyncClient sessions;

        /** Fails with what makes the client useless to all places. */
        private final Sinks.Empty<Void> useless = Sinks.empty();

        /** No news since a fault, for long enough, says that it has passed. */
        private final Disposable.Swap withoutNews = Disposables.swap();

        private final Mono<Void> ending;
        private volatile boolean over;

        Shift(ServiceBusSessionReceiverAsyncClient sessions, Mono<Void> stopping) {
            this.sessions = sessions;
            this.ending = Mono.firstWithSignal(stopping, useless.asMono().onErrorComplete())
                    .doOnSuccess(nothing -> over = true);
        }

        Mono<Void> untilOver() {
            Mono<Void> places = Flux.range(0, concurrency)
                    .flatMap(place -> Mono.defer(this::next).repeat(() -> !over), concurrency)
                    .then();
            return Mono.when(ending, places)
                    .doFinally(end -> withoutNews.dispose())
                    .then(Mono.defer(() -> {
                        useless.tryEmitEmpty(); // unless it has failed
                        return useless.asMono();
                    }));
        }

        private Mono<Void> next() {
            return Flux.usingWhen(
                            sessions.acceptNextSession().takeUntilOther(ending),
                            client -> locks.during(
                                    new Turn(client, () -> over).untilIdle(),
                                    OffsetDateTime.now(clock), // asked at once, as the client does not say until when
                                    client::renewSessionLock),
                            client -> Receivers.closed(client::close))
                    .then()
                    .onErrorResume(BusFault::isLockLost, lost -> Mono.empty())
                    .onErrorResume(this::failed);
        }

        private Mono<Void> failed(Throwable fault) {
            bus.because(BusFault.reason(fault));
            if (BusFault.isPassing(fault)) {
                withoutNews.update(Mono.delay(NamespaceAccess.LONGEST_ATTEMPT).subscribe(tick -> bus.over()));
                return Mono.delay(PAUSE).then().takeUntilOther(ending);
            }
            useless.tryEmitError(fault);
            return Mono.empty();
        }
    }

    private enum Doing {
        WAITING,
        HANDLING,
        LEAVING
    }

    /** The messages of one session. */
    private final class Turn {

        private final ServiceBusReceiverAsyncClient client;
        private final BooleanSupplier over;
        private final AtomicReference<Doing> doing = new AtomicReference<>(Doing.WAITING);
        private volatile long lastBusy = System.nanoTime();

        Turn(ServiceBusReceiverAsyncClient client, BooleanSupplier over) {
            this.client = client;
            this.over = over;
        }

        /** The session is given up only between two messages: what is under way then could not be settled any more. */
        Mono<Void> untilIdle() {
            Mono<Long> leaving =
                    Flux.interval(LOOK_EVERY).filter(tick -> leaves()).next();
            return client.receiveMessages()
                    .filter(message -> doing.compareAndSet(Doing.WAITING, Doing.HANDLING))
                    .doOnNext(message -> bus.over())
                    .concatMap(message -> handler.handle(client, message).then(Mono.fromSupplier(this::handled)), 0)
                    .takeUntil(handled -> over.getAsBoolean())
                    .takeUntilOther(leaving)
                    .then();
        }

        private Doing handled() {
            lastBusy = System.nanoTime();
            doing.set(Doing.WAITING);
            return Doing.WAITING;
        }

        private boolean leaves() {
            boolean idle = System.nanoTime() - lastBusy > IDLE.toNanos();
            return (idle || over.getAsBoolean()) && doing.compareAndSet(Doing.WAITING, Doing.LEAVING);
        }
    }
}
