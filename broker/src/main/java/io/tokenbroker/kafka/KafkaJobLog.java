package io.tokenbroker.kafka;

import io.tokenbroker.replay.JobLog;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.Wish;
import reactor.core.publisher.Mono;

/** What callers want of replays, in Kafka. */
final class KafkaJobLog implements JobLog {

    private final String topic;
    private final Appender appender;

    KafkaJobLog(TopicFacts topics, Appender appender) {
        this.topic = topics.replayJobs().name();
        this.appender = appender;
    }

    @Override
    public Mono<Void> append(ReplayRequest request) {
        return Mono.defer(() -> appender.append(JobCodec.encode(topic, request)))
                .then();
    }

    @Override
    public Mono<Void> append(Wish wish) {
        return Mono.defer(() -> appender.append(JobCodec.encode(topic, wish))).then();
    }
}
