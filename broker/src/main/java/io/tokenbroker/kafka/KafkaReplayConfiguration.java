package io.tokenbroker.kafka;

import io.tokenbroker.replay.History;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobDesk;
import io.tokenbroker.replay.JobLog;
import io.tokenbroker.replay.Letters;
import io.tokenbroker.replay.LogRanges;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What replays need of Kafka. */
@Configuration(proxyBeanMethods = false)
class KafkaReplayConfiguration {

    private static final Duration ASKING = Duration.ofSeconds(5);

    @Bean
    History history(TopicFacts topics, RecordReader reader, KafkaClients clients, Admin admin) {
        return new KafkaHistory(topics, reader, clients, admin);
    }

    @Bean
    Letters letters(TopicFacts topics, RecordReader reader, KafkaClients clients, Admin admin, Clock clock) {
        return new KafkaLetters(topics, reader, clients, admin, clock);
    }

    @Bean
    LogRanges logRanges(TopicFacts topics, Admin admin) {
        return new KafkaLogRanges(topics, admin);
    }

    @Bean
    JobLog jobLog(TopicFacts topics, Appender appender) {
        return new KafkaJobLog(topics, appender);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    JobsTail jobsTail(KafkaClients clients, TopicFacts topics, JobBook book, Admin admin) {
        return new JobsTail(clients, topics, book, new EndOffsets(admin, ASKING));
    }

    @Bean
    JobsOwnership jobsOwnership(
            KafkaClients clients, TopicFacts topics, JobBook book, JobsTail tail, JobDesk desk, Clock clock) {
        return new JobsOwnership(clients, topics, book, tail, desk, clock);
    }
}
