package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Receives from a queue or subscription without sessions: several messages at a time, appended in the order in which
 * they came.
 */
final class Messages implements Function<Mono<Void>, Mono<Void>> {

    private final Receivers receivers;
    private final int concurrency;
    private final Handler handler;
    private final Locks locks;
    private final Trouble bus;

    Messages(Receivers receivers, int concurrency, Handler handler, Locks locks, Trouble bus) {
        this.receivers = receivers;
        this.concurrency = concurrency;
        this.handler = handler;
        this.locks = locks;
        this.bus = bus;
    }

    @Override
    public Mono<Void> apply(Mono<Void> stopping) {
        return Flux.usingWhen(
                        Mono.fromSupplier(receivers::open),
                        client -> client.receiveMessages()
                                .takeUntilOther(stopping)
                                .doOnNext(message -> bus.over())
                                .flatMap(message -> held(client, message), concurrency, 1),
                        client -> Receivers.closed(client::close))
                .then();
    }

    private Mono<Void> held(ServiceBusReceiverAsyncClient client, ServiceBusReceivedMessage message) {
        return locks.during(
                        handler.handle(client, message),
                        message.getLockedUntil(),
                        () -> client.renewMessageLock(message))
                // a lock that is lost is somebody else's message now
                .onErrorResume(fault -> BusFault.isLockLost(fault) ? Mono.empty() : handler.abandon(client, message));
    }
}
