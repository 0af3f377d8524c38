package io.tokenbroker.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.outcomes.OutcomeRelay;
import io.tokenbroker.pipeline.DeadLetters;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ports that Kafka implements, and what the rest of this edge builds on. The topics are seen to first. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaSettings.class, TopicSettings.class})
class KafkaPortsConfiguration {

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
    TopicGuard topicGuard(TopicFacts topics, Admin admin) {
        return new TopicGuard(topics, admin, TopicGuard.EVERY);
    }

    @Bean
    Appender appender(KafkaClients clients) {
        return new Appender(clients, "appender");
    }

    @Bean
    TransactionalAppender intakeAppender(KafkaClients clients) {
        return new TransactionalAppender(clients, "intake");
    }

    @Bean
    RecordReader recordReader(Intake intake) {
        return new RecordReader(intake);
    }

    @Bean
    LifecycleLog lifecycleLog(TopicFacts topics, Appender appender, TransactionalAppender intakeAppender) {
        return new KafkaLifecycleLog(topics, appender, intakeAppender);
    }

    @Bean
    OutcomeLog outcomeLog(TopicFacts topics, Appender appender) {
        return new KafkaOutcomeLog(topics, appender);
    }

    @Bean
    OutcomeRelay outcomeRelay(TopicFacts topics, KafkaClients clients) {
        return new KafkaOutcomeRelay(clients, topics);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    KafkaOutcomeFeed outcomeFeed(TopicFacts topics, KafkaClients clients, Admin admin) {
        return new KafkaOutcomeFeed(topics, clients, admin, KafkaOutcomeFeed.LOOK_EVERY);
    }

    @Bean
    MeterBinder outcomeFeedMeters(KafkaOutcomeFeed feed) {
        return registry -> {
            Gauge.builder("tokenbroker.feed.lag", feed, KafkaOutcomeFeed::lag)
                    .description("Outcomes at the end of their topic that are still to be read for streams")
                    .register(registry);
            FunctionCounter.builder("tokenbroker.feed.pages", feed, KafkaOutcomeFeed::pagesLoaded)
                    .description("Pages of older outcomes read for streams that are behind")
                    .register(registry);
        };
    }

    @Bean
    DeadLetters deadLetters(TopicFacts topics, KafkaClients clients, Appender appender) {
        return new KafkaDeadLetters(topics, new DeadLetterReader(topics, clients), appender);
    }
}
