package io.tokenbroker.architecture.broken.messaging.kafka;

/** Breaks a rule on purpose. */
public final class KnowsServiceBus {
    Class<?> theirs() {
        return com.azure.messaging.servicebus.ServiceBusMessage.class;
    }
}
