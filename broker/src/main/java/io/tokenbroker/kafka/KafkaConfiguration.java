package io.tokenbroker.kafka;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.pipeline.Pipeline;
import io.tokenbroker.pipeline.QuotaShares;
import io.tokenbroker.traces.Traces;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Puts the Kafka edge together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StartSettings.class, RetentionSettings.class})
class KafkaConfiguration {

    private static final Duration ASKING = Duration.ofSeconds(5);

    @Bean
    ViewProgress viewProgress() {
        return new ViewProgress();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    DirectoryTail directoryTail(
            KafkaClients clients,
            TopicFacts topics,
            DirectoryView directory,
            CreateIntents intents,
            ViewProgress progress) {
        return new DirectoryTail(clients.consumer("directory-tail"), topics, directory, intents, progress);
    }

    @Bean
    KafkaDirectory kafkaDirectory(
            TopicFacts topics,
            Admin admin,
            ViewProgress progress,
            DirectoryView view,
            DirectoryTail tail,
            Clock clock) {
        return new KafkaDirectory(topics, new EndOffsets(admin, ASKING), progress, view, tail, clock);
    }

    @Bean
    JournalFactory journalFactory(
            KafkaClients clients,
            TopicFacts topics,
            DirectoryView directory,
            CreateIntents intents,
            KafkaDirectory confirmed,
            DirectoryTail tail,
            Traces traces) {
        return new JournalFactory(clients, topics, directory, intents, confirmed, tail, traces);
    }

    @Bean
    ViewFreshness viewFreshness(KafkaDirectory directory, Clock clock) {
        return new ViewFreshness(directory, clock);
    }

    @Bean
    InputLifecycle inputLifecycle(
            InputReceiver receiver,
            GroupShare share,
            ViewFreshness freshness,
            RetentionSweep retention,
            LogLag lag,
            TopicGuard guard) {
        return new InputLifecycle(receiver, share, freshness, retention, lag, guard);
    }

    @Bean
    RetentionSweep retentionSweep(
            Admin admin, TopicFacts topics, RetentionSettings settings, Pipeline pipeline, Clock clock) {
        return new RetentionSweep(admin, topics, settings.deletedRetention(), pipeline, clock);
    }

    @Bean
    LogLag logLag(KafkaClients clients, StartSettings start, TopicFacts topics, Clock clock) {
        return new LogLag(clients, start.startFrom(), topics, LogLag.LOOK_EVERY, clock);
    }

    @Bean
    MeterBinder inputMeters(TopicFacts topics, LogLag lag, ViewFreshness freshness, InputReceiver receiver) {
        return new InputMeters(topics.lifecycle().partitions(), lag, freshness, receiver);
    }

    @Bean
    ReactiveHealthIndicator kafkaHealthIndicator(ViewFreshness freshness) {
        return () -> Mono.fromSupplier(freshness::kafka);
    }

    @Bean
    ReactiveHealthIndicator directoryHealthIndicator(ViewFreshness freshness) {
        return () -> Mono.fromSupplier(freshness::directory);
    }

    @Bean
    ReactiveHealthIndicator pipelineHealthIndicator(InputReceiver receiver) {
        return () -> Mono.fromSupplier(() -> receiver.trouble()
                .map(reason -> Health.down().withDetail("reason", reason))
                .orElseGet(Health::up)
                .build());
    }

    @Bean
    GroupShare groupShare(KafkaClients clients, TopicFacts topics, Admin admin, QuotaShares shares) {
        return new GroupShare(clients.groupId(), topics.lifecycle().partitions(), admin, shares);
    }

    @Bean
    InputReceiver inputReceiver(
            KafkaClients clients,
            StartSettings start,
            TopicFacts topics,
            Pipeline pipeline,
            RecordReader records,
            JournalFactory journals,
            GroupShare share,
            Traces traces) {
        return new InputReceiver(
                clients.consumer("input"),
                clients.groupId(),
                start.startFrom().offsetReset(),
                topics,
                pipeline,
                new ArrivalReader(records, topics, traces),
                journals,
                share::owned);
    }
}
