package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class TopicGuardTest {

    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final TopicFacts topics = TestCluster.prepared();
    private final Admin admin = TestCluster.admin();
    private final TopicGuard guard = new TopicGuard(topics, admin, TENTH);

    @AfterEach
    void close() {
        admin.close();
    }

    private void addPartition(String topic) {
        try {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(TestCluster.PARTITIONS + 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void delete(String topic) {
        try {
            admin.deleteTopics(List.of(topic)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingIsFoundWhileNothingChanges() {
        StepVerifier.create(guard.findings())
                .expectNext(Optional.empty())
                .expectNoEvent(TENTH.multipliedBy(10))
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void aCountThatChangesIsFound() {
        String name = topics.lifecycle().name();

        StepVerifier.create(guard.findings())
                .expectNext(Optional.empty())
                .then(() -> addPartition(name))
                .expectNext(Optional.of("topic " + name + " had 3 partitions and has 4"))
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void aTopicMadeAnewIsFound() {
        String name = topics.directory().name();

        StepVerifier.create(guard.findings())
                .expectNext(Optional.empty())
                .then(() -> delete(name))
                .expectNext(Optional.of("topic " + name + " is gone"))
                .then(() -> TopicMaking.make(admin, name, TestCluster.PARTITIONS))
                .assertNext(found ->
                        assertThat(found).get().asString().startsWith("topic " + name + " was made anew: its id was"))
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void whileKafkaCannotBeAskedTheLatestFindingStands() {
        StepVerifier.create(guard.findings())
                .expectNext(Optional.empty())
                .then(() -> admin.close(Duration.ZERO))
                .expectNoEvent(TENTH.multipliedBy(5))
                .thenCancel()
                .verify(LONG);
    }
}
