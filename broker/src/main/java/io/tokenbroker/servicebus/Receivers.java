package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Opens clients that settle nothing and renew nothing by themselves. Each has a connection of its own. */
final class Receivers {

    private final InSettings settings;

    Receivers(InSettings settings) {
        this.settings = settings;
    }

    ServiceBusReceiverAsyncClient open() {
        var receiver = settings.access().builder().receiver();
        if (settings.queue() != null) {
            receiver.queueName(settings.queue());
        } else {
            receiver.topicName(settings.topic()).subscriptionName(settings.subscription());
        }
        return receiver.receiveMode(ServiceBusReceiveMode.PEEK_LOCK)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(settings.prefetch())
                .buildAsyncClient();
    }

    ServiceBusSessionReceiverAsyncClient openSessions() {
        var receiver = settings.access().builder().sessionReceiver();
        if (settings.queue() != null) {
            receiver.queueName(settings.queue());
        } else {
            receiver.topicName(settings.topic()).subscriptionName(settings.subscription());
        }
        return receiver.receiveMode(ServiceBusReceiveMode.PEEK_LOCK)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(0)
                .buildAsyncClient();
    }

    /** Clients wait in {@code close} for what they have under way, which no event loop may. */
    static Mono<Void> closed(Runnable close) {
        return Mono.<Void>fromRunnable(close).subscribeOn(Schedulers.boundedElastic());
    }
}
