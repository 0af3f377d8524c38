package io.tokenbroker.kafka;

import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.pipeline.DeadLetters;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together what callers write to and read from beside the pipeline. */
@Configuration(proxyBeanMethods = false)
class LogsConfiguration {

    @Bean(destroyMethod = "close")
    Appender kafkaAppender(KafkaClients clients) {
        return new Appender(clients, "append");
    }

    @Bean(destroyMethod = "close")
    TransactionalAppender kafkaTransactionalAppender(KafkaClients clients) {
        return new TransactionalAppender(clients, "intake");
    }

    @Bean
    LifecycleLog kafkaLifecycleLog(TopicFacts topics, Appender single, TransactionalAppender several) {
        return new KafkaLifecycleLog(topics, single, several);
    }

    @Bean
    OutcomeLog kafkaOutcomeLog(TopicFacts topics, Appender appender) {
        return new KafkaOutcomeLog(topics, appender);
    }

    @Bean
    OutcomeFeed kafkaOutcomeFeed(TopicFacts topics, KafkaClients clients, Admin admin) {
        return new KafkaOutcomeFeed(
                topics, clients, new FeedExtents(admin, topics.events().name()));
    }

    @Bean
    DeadLetters kafkaDeadLetters(TopicFacts topics, KafkaClients clients, Appender appender) {
        return new KafkaDeadLetters(topics, new DeadLetterReader(topics, clients), appender);
    }
}
