package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeLog;
import reactor.core.publisher.Mono;

/** The {@code token-events} topic, for outcomes outside the pipeline's transactions. */
final class KafkaOutcomeLog implements OutcomeLog {

    private final String topic;
    private final Appender appender;

    KafkaOutcomeLog(TopicFacts topics, Appender appender) {
        this.topic = topics.events().name();
        this.appender = appender;
    }

    @Override
    public Mono<Void> append(Outcome outcome) {
        return Mono.defer(() -> appender.append(OutcomeCodec.encode(topic, outcome)))
                .then();
    }
}
