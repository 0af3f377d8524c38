package io.tokenbroker.kafka;

import io.tokenbroker.kafka.TopicFacts.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Watches that the topics the pipeline stands on stay those it started with. */
final class TopicGuard {

    private static final Logger LOG = LoggerFactory.getLogger(TopicGuard.class);

    static final Duration EVERY = Duration.ofSeconds(15);

    private final List<Topic> watched;
    private final Admin admin;
    private final Flux<Optional<String>> findings;

    TopicGuard(TopicFacts topics, Admin admin, Duration every) {
        this.watched = List.of(topics.lifecycle(), topics.directory(), topics.createIntents());
        this.admin = admin;
        this.findings = Flux.interval(Duration.ZERO, every)
                .onBackpressureDrop()
                .concatMap(tick -> look())
                .distinctUntilChanged()
                .doOnNext(found -> found.ifPresent(reason -> LOG.error("topics changed reason={}", reason)))
                .replay(1)
                .refCount();
    }

    /**
     * What is wrong with the topics, empty while nothing is: the latest finding at once, then each that differs. Looks
     * only while somebody listens. When Kafka cannot be asked, the latest finding stands.
     */
    Flux<Optional<String>> findings() {
        return findings;
    }

    private Mono<Optional<String>> look() {
        return Flux.fromIterable(watched)
                .concatMap(this::problemWith)
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .onErrorResume(e -> {
                    LOG.debug("topics could not be looked at reason={}", e.toString());
                    return Mono.empty();
                });
    }

    private Mono<String> problemWith(Topic topic) {
        return Mono.fromCompletionStage(() -> admin.describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .toCompletionStage())
                .mapNotNull(found -> found.get(topic.name()))
                .flatMap(found -> Mono.justOrEmpty(difference(topic, found)))
                .onErrorResume(
                        UnknownTopicOrPartitionException.class, e -> Mono.just("topic " + topic.name() + " is gone"));
    }

    private static Optional<String> difference(Topic topic, TopicDescription found) {
        if (!found.topicId().toString().equals(topic.id())) {
            return Optional.of("topic " + topic.name() + " was made anew: its id was " + topic.id() + " and is "
                    + found.topicId());
        }
        int partitions = found.partitions().size();
        return partitions == topic.partitions()
                ? Optional.empty()
                : Optional.of(
                        "topic " + topic.name() + " had " + topic.partitions() + " partitions and has " + partitions);
    }
}
