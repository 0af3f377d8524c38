package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenbroker.intake.Intake;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeLog;
import io.tokenbroker.pipeline.DeadLetters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class KafkaPortsConfigurationTest {

    private final TopicSettings topics = TestCluster.topics();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withUserConfiguration(KafkaPortsConfiguration.class)
            .withBean(Intake.class, () -> new Intake(List.of()))
            .withPropertyValues(
                    "tokenbroker.kafka.bootstrap-servers=" + TestCluster.bootstrapServers(),
                    "tokenbroker.topics.lifecycle=" + topics.lifecycle(),
                    "tokenbroker.topics.directory=" + topics.directory(),
                    "tokenbroker.topics.events=" + topics.events(),
                    "tokenbroker.topics.dead-letters=" + topics.deadLetters(),
                    "tokenbroker.topics.replay-jobs=" + topics.replayJobs(),
                    "tokenbroker.topics.create-intents=" + topics.createIntents(),
                    "tokenbroker.topics.partitions=2");

    @Test
    void theApplicationHasEveryPortThatKafkaImplementsAndItsTopics() {
        application.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(LifecycleLog.class)
                    .hasSingleBean(OutcomeLog.class)
                    .hasSingleBean(OutcomeFeed.class)
                    .hasSingleBean(DeadLetters.class);
            assertThat(context.getBean(TopicFacts.class).lifecycle().partitions())
                    .isEqualTo(2);
        });
    }

    @Test
    void aTopicTheBrokerCannotRunWithStopsTheStart() {
        application.run(context -> assertThat(context).hasNotFailed());

        application
                .withPropertyValues("tokenbroker.topics.replay-jobs=" + topics.events(), "tokenbroker.topics.events=x")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ClusterUnfit.class)
                        .hasMessageContaining("has 2 partitions, but 1 is needed"));
    }
}
