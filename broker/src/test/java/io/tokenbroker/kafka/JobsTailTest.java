package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.replay.JobBook;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobsTailTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TopicFacts topics = TestCluster.prepared();
    private final Admin admin = TestCluster.admin();
    private final EndOffsets ends = new EndOffsets(admin, PATIENCE);
    private final JobsTail tail = new JobsTail(TestCluster.clients(), topics, new JobBook(), ends);

    @AfterEach
    void stop() {
        tail.close();
        admin.close();
    }

    private void write() {
        TestCluster.write(new ProducerRecord<>(topics.replayJobs().name(), 0, "forgotten".getBytes(UTF_8), null));
    }

    @Test
    void itGoesOnAfterAFaultThatIsNotKafkas() {
        write();
        Thrower thrower = new Thrower();
        tail.caughtUp().subscribe(thrower);
        // asked for after the thrower's, and answered after it: the thrower waits now
        ends.of(List.of(new TopicPartition(topics.replayJobs().name(), 0))).block(PATIENCE);

        tail.start();
        await().atMost(PATIENCE).until(thrower::isDisposed);
        write();

        tail.caughtUp().block(PATIENCE);
    }
}
