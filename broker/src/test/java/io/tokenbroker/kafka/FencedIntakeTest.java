package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class FencedIntakeTest {

    @Test
    void aFencedProducerIsReplacedByTheNextBatchButOne() throws Exception {
        TopicFacts.Topic topic = TestCluster.prepared().lifecycle();
        List<ProducerRecord<byte[], byte[]>> batch = List.of(
                new ProducerRecord<>(topic.name(), 0, new byte[1], new byte[1]),
                new ProducerRecord<>(topic.name(), 1, new byte[1], new byte[1]));
        try (Admin admin = TestCluster.admin();
                TransactionalAppender appender = new TransactionalAppender(TestCluster.clients(), "fenced")) {
            appender.append(batch).block(Duration.ofSeconds(20));
            String transactionalId = admin.listTransactions().all().get().stream()
                    .map(listed -> listed.transactionalId())
                    .filter(id -> id.startsWith("test-fenced-"))
                    .findFirst()
                    .orElseThrow();

            admin.fenceProducers(List.of(transactionalId), new FenceProducersOptions())
                    .all()
                    .get();

            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(appender.append(batch).block(Duration.ofSeconds(15)))
                            .hasSize(2));
            assertThat(TestCluster.read(topic)).hasSize(4);
        }
    }
}
