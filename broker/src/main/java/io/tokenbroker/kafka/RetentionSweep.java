package io.tokenbroker.kafka;

import io.tokenbroker.pipeline.Pipeline;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets the entries of users go who were deleted long ago. An entry outlives every record of the input log that could
 * bring its user back, so it is kept at least for as long as the log keeps records; a log without end keeps none from
 * going, as only an operator replays that far.
 */
final class RetentionSweep {

    private static final Logger log = LoggerFactory.getLogger(RetentionSweep.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Admin admin;
    private final ConfigResource input;
    private final Duration retention;
    private final Pipeline pipeline;
    private final Clock clock;
    private final Disposable.Swap sweeping = Disposables.swap();

    RetentionSweep(Admin admin, TopicFacts topics, Duration retention, Pipeline pipeline, Clock clock) {
        this.admin = admin;
        this.input =
                new ConfigResource(ConfigResource.Type.TOPIC, topics.lifecycle().name());
        this.retention = retention;
        this.pipeline = pipeline;
        this.clock = clock;
    }

    void start() {
        sweeping.update(Flux.interval(EVERY)
                .onBackpressureDrop()
                .concatMap(tick -> inputRetention().onErrorResume(error -> {
                    log.debug("the input's retention is not known now: {}", error.toString());
                    return Mono.empty();
                }))
                .subscribe(this::sweep));
    }

    void stop() {
        sweeping.dispose();
    }

    private void sweep(Duration inputRetention) {
        Duration kept = inputRetention.compareTo(retention) > 0 ? inputRetention : retention;
        pipeline.forgetDeletedBefore(clock.instant().minus(kept));
    }

    /** Zero where it is not bounded. */
    private Mono<Duration> inputRetention() {
        return Mono.fromCompletionStage(
                        () -> admin.describeConfigs(List.of(input)).all().toCompletionStage())
                .flatMap(found -> Mono.justOrEmpty(found.get(input)))
                .map(RetentionSweep::retention);
    }

    private static Duration retention(Config config) {
        ConfigEntry entry = config.get(TopicConfig.RETENTION_MS_CONFIG);
        long millis = entry == null || entry.value() == null ? -1 : Long.parseLong(entry.value());
        return millis < 0 ? Duration.ZERO : Duration.ofMillis(millis);
    }
}
