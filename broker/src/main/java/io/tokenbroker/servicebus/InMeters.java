package io.tokenbroker.servicebus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What becomes of messages received. */
final class InMeters {

    final Counter received;
    final Counter completed;
    final Counter ignored;
    final Counter deadLettered;
    final Counter abandoned;
    final Counter unsettled;
    final Counter renewals;

    InMeters(MeterRegistry registry) {
        received = counter(registry, "tokenbroker.servicebus.received", "Messages received, each delivery counted");
        completed = counter(registry, "tokenbroker.servicebus.completed", "Messages whose event is durable in Kafka");
        ignored = counter(registry, "tokenbroker.servicebus.ignored", "Of them, those of a type that is not ours");
        deadLettered = counter(registry, "tokenbroker.servicebus.deadlettered", "Messages that were invalid");
        abandoned = counter(registry, "tokenbroker.servicebus.abandoned", "Messages given back for another delivery");
        unsettled = counter(
                registry, "tokenbroker.servicebus.unsettled", "Messages whose settlement Service Bus did not take");
        renewals = counter(registry, "tokenbroker.servicebus.renewals", "Locks renewed");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
