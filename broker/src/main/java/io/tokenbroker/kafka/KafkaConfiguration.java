package io.tokenbroker.kafka;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.pipeline.Pipeline;
import io.tokenbroker.pipeline.QuotaShares;
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
@EnableConfigurationProperties({KafkaSettings.class, TopicSettings.class, StartSettings.class})
class KafkaConfiguration {

    private static final Duration ASKING = Duration.ofSeconds(5);

    @Bean
    KafkaClients kafkaClients(KafkaSettings settings) {
        return new KafkaClients(settings);
    }

    @Bean
    TopicFacts topicFacts(KafkaClients clients, TopicSettings settings) {
        return new TopicSetup(clients, settings).prepare();
    }

    @Bean(destroyMethod = "close")
    Admin kafkaAdmin(KafkaClients clients) {
        return clients.openAdmin("admin");
    }

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
    KafkaDirectory kafkaDirectory(TopicFacts topics, Admin admin, ViewProgress progress, DirectoryView view) {
        return new KafkaDirectory(topics, new EndOffsets(admin, ASKING), progress, view);
    }

    @Bean
    JournalFactory journalFactory(
            KafkaClients clients,
            TopicFacts topics,
            DirectoryView directory,
            CreateIntents intents,
            KafkaDirectory confirmed,
            DirectoryTail tail) {
        return new JournalFactory(
                clients, new TransactionRecords(topics), topics.partitioning(), directory, intents, confirmed, tail);
    }

    @Bean
    ViewFreshness viewFreshness(KafkaDirectory directory, Clock clock) {
        return new ViewFreshness(directory, clock);
    }

    @Bean
    InputLifecycle inputLifecycle(
            InputReceiver receiver, GroupShare share, ViewFreshness freshness, TopicFacts topics, Admin admin) {
        return new InputLifecycle(receiver, share, freshness, new TopicGuard(topics, admin, TopicGuard.EVERY));
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
            Intake intake,
            JournalFactory journals,
            GroupShare share) {
        return new InputReceiver(
                clients.consumer("input"),
                clients.groupId(),
                start.startFrom().offsetReset(),
                topics,
                pipeline,
                new ArrivalReader(new RecordReader(intake), topics),
                journals,
                share::owned);
    }
}
