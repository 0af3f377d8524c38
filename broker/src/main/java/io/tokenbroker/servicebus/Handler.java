package io.tokenbroker.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import io.micrometer.core.instrument.Counter;
import io.tokenbroker.intake.EventTooLarge;
import io.tokenbroker.intake.LifecycleLog;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Sees to one message at a time: what it says goes into the input log, and only what is durable there is settled as
 * done. While the log takes nothing the message is held, and nothing of it is settled.
 */
final class Handler {

    private static final Logger LOG = LoggerFactory.getLogger(Handler.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int SETTLE_AGAIN = 3;

    private final Admission admission;
    private final LifecycleLog log;
    private final InMeters meters;
    private final Trouble kafka;

    Handler(Admission admission, LifecycleLog log, InMeters meters, Trouble kafka) {
        this.admission = admission;
        this.log = log;
        this.meters = meters;
        this.kafka = kafka;
    }

    /**
     * Ends when the message is settled, or cannot be: then it comes again, which does no harm.
     *
     * <p>Fails only where whoever holds the lock says so; appends of several messages keep the order in which they were
     * subscribed to.
     */
    Mono<Void> handle(ServiceBusReceiverAsyncClient from, ServiceBusReceivedMessage message) {
        return Mono.defer(() -> {
            meters.received.increment();
            return switch (admission.judge(message)) {
                case Verdict.Append(LifecycleLog.Draft draft) -> append(from, message, draft);
                case Verdict.Ignore ignore -> {
                    meters.ignored.increment();
                    yield settled(() -> from.complete(message), meters.completed);
                }
                case Verdict.Refuse refuse -> deadLetter(from, message, refuse);
            };
        });
    }

    private Mono<Void> append(
            ServiceBusReceiverAsyncClient from, ServiceBusReceivedMessage message, LifecycleLog.Draft draft) {
        return durable(draft)
                .then(settled(() -> from.complete(message), meters.completed))
                .onErrorResume(EventTooLarge.class, tooLarge -> {
                    String why = "with its attributes the event is larger than a record of the input log may be";
                    return deadLetter(from, message, new Verdict.Refuse("invalid: event too large", why));
                });
    }

    private Mono<?> durable(LifecycleLog.Draft draft) {
        return Mono.defer(() -> log.append(List.of(draft)))
                .doOnNext(positions -> kafka.over())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(Schedulers.boundedElastic())
                        .filter(fault -> !(fault instanceof EventTooLarge))
                        .doBeforeRetry(signal -> kafka.because("Kafka takes no events")));
    }

    private Mono<Void> deadLetter(
            ServiceBusReceiverAsyncClient from, ServiceBusReceivedMessage message, Verdict.Refuse refuse) {
        DeadLetterOptions why = new DeadLetterOptions()
                .setDeadLetterReason(refuse.reason())
                .setDeadLetterErrorDescription(refuse.description());
        return settled(() -> from.deadLetter(message, why), meters.deadLettered);
    }

    /** Gives it back, for whoever takes it next. */
    Mono<Void> abandon(ServiceBusReceiverAsyncClient from, ServiceBusReceivedMessage message) {
        return settled(() -> from.abandon(message), meters.abandoned);
    }

    /** A client whose connection is cut just then never answers; asked again it goes another way. */
    private Mono<Void> settled(Supplier<Mono<Void>> settlement, Counter done) {
        return Mono.defer(settlement)
                .timeout(ANSWER)
                .retryWhen(Retry.backoff(SETTLE_AGAIN, FIRST_PAUSE)
                        .scheduler(Schedulers.boundedElastic())
                        .filter(fault -> !BusFault.isLockLost(fault)))
                .doOnSuccess(nothing -> done.increment())
                .onErrorResume(fault -> {
                    meters.unsettled.increment();
                    LOG.atDebug().addKeyValue("reason", BusFault.reason(fault)).log("a message could not be settled");
                    return Mono.empty();
                });
    }
}
