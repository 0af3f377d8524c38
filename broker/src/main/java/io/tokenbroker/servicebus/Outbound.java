package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import io.cloudevents.CloudEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Sends outcomes in batches, in their order, until Service Bus has taken them: whatever goes wrong, it tries again, with
 * growing pauses.
 */
final class Outbound implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Supplier<ServiceBusSenderAsyncClient> senders;
    private final MessageWriter writer;
    private final Trouble bus;
    private final Counter sent;
    private final Counter withoutData;
    private final AtomicReference<@Nullable ServiceBusSenderAsyncClient> sender = new AtomicReference<>();

    Outbound(Supplier<ServiceBusSenderAsyncClient> senders, MessageWriter writer, Trouble bus, MeterRegistry registry) {
        this.senders = senders;
        this.writer = writer;
        this.bus = bus;
        this.sent = Counter.builder("tokenbroker.servicebus.sent")
                .description("Outcomes that Service Bus has taken")
                .register(registry);
        this.withoutData = Counter.builder("tokenbroker.servicebus.oversized")
                .description("Of them, those that were too large and went without their data")
                .register(registry);
    }

    /** Why nothing goes out; empty while it does. */
    Optional<String> trouble() {
        return bus.now();
    }

    /** Ends when Service Bus has taken all of them. */
    Mono<Void> send(List<CloudEvent> events) {
        AtomicInteger next = new AtomicInteger();
        return Mono.defer(() -> sendBatch(events, next))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(Schedulers.boundedElastic())
                        .transientErrors(true)
                        .doBeforeRetry(signal -> failed(signal.failure())))
                .repeat(() -> next.get() < events.size())
                .then();
    }

    private Mono<Void> sendBatch(List<CloudEvent> events, AtomicInteger next) {
        if (next.get() >= events.size()) {
            return Mono.empty();
        }
        ServiceBusSenderAsyncClient client = opened();
        return client.createMessageBatch().flatMap(batch -> {
            int count = fill(batch, events, next.get());
            Mono<Void> taken = batch.getCount() == 0 ? Mono.empty() : client.sendMessages(batch);
            return taken.doOnSuccess(nothing -> {
                next.addAndGet(count);
                sent.increment(batch.getCount());
                bus.over();
            });
        });
    }

    /** @return how many of them are in the batch now, or never will be in any */
    private int fill(ServiceBusMessageBatch batch, List<CloudEvent> events, int from) {
        int count = 0;
        while (from + count < events.size()) {
            CloudEvent event = events.get(from + count);
            if (!fits(batch, writer.write(event))) {
                if (batch.getCount() > 0) {
                    return count;
                }
                sendSmaller(batch, event);
            }
            count++;
        }
        return count;
    }

    /** Alone in its batch. */
    private void sendSmaller(ServiceBusMessageBatch batch, CloudEvent event) {
        if (fits(batch, writer.writeWithoutData(event))) {
            withoutData.increment();
            LOG.atError().addKeyValue("event", event.getId()).log("an outcome is too large, sent without its data");
        } else {
            LOG.atError().addKeyValue("event", event.getId()).log("an outcome is too large, not sent");
        }
    }

    private static boolean fits(ServiceBusMessageBatch batch, ServiceBusMessage message) {
        try {
            return batch.tryAddMessage(message);
        } catch (RuntimeException e) {
            if (BusFault.isTooLarge(e)) {
                return false;
            }
            throw e;
        }
    }

    private ServiceBusSenderAsyncClient opened() {
        return java.util.Objects.requireNonNull(sender.updateAndGet(known -> known == null ? senders.get() : known));
    }

    private void failed(Throwable fault) {
        bus.because(BusFault.reason(fault));
        close();
    }

    @Override
    public void close() {
        ServiceBusSenderAsyncClient known = sender.getAndSet(null);
        if (known != null) {
            Disposable unused = Schedulers.boundedElastic().schedule(known::close);
        }
    }
}
