package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenbroker.directory.UserId;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class PartitioningTest {

    private final Arbitrary any = Arbitrary.seeded();

    @Test
    void aKeyBelongsWhereJavasProducerPutsItByDefault() {
        TopicFacts topics = TestCluster.prepared();
        Partitioning partitioning = topics.partitioning();
        try (var producer =
                new KafkaProducer<byte[], byte[]>(TestCluster.clients().producer("test"))) {
            for (int i = 0; i < 500; i++) {
                byte[] key = any.userId().utf8();
                var sent = producer.send(new ProducerRecord<>(topics.lifecycle().name(), key, key));
                assertThat(sent).isNotNull();
            }
        }

        assertThat(TestCluster.read(topics.lifecycle()))
                .hasSize(500)
                .allMatch(record -> partitioning.of(record.key()) == record.partition());
    }

    @Test
    void aRecordIsHomeWithTheUserIdAsItsKeyInThePartitionOfThatKey() {
        Partitioning partitioning = new Partitioning(12);
        UserId alice = new UserId("alice");
        int home = partitioning.of(alice);
        var byAlice = new ProducerRecord<>("t", alice.utf8(), new byte[0]);
        var byAnother = new ProducerRecord<>("t", new UserId("bob").utf8(), new byte[0]);
        var byNobody = new ProducerRecord<byte[], byte[]>("t", new byte[0]);

        assertThat(partitioning.isHome(Records.received(byAlice, home, 0), alice))
                .isTrue();
        assertThat(partitioning.isHome(Records.received(byAlice, (home + 1) % 12, 0), alice))
                .isFalse();
        assertThat(partitioning.isHome(Records.received(byAnother, home, 0), alice))
                .isFalse();
        assertThat(partitioning.isHome(Records.received(byNobody, home, 0), alice))
                .isFalse();
    }

    @Test
    void thereIsNoPartitioningWithoutPartitions() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Partitioning(0));
    }
}
