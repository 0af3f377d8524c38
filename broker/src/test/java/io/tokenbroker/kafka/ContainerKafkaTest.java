package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.apache.kafka.clients.admin.FeatureMetadata;
import org.junit.jupiter.api.Test;

/** Says in the report, by being skipped or not, whether the tests of this package had Kafka in a container. */
class ContainerKafkaTest {

    @Test
    void theTestsOfThisPackageRunOnKafkaInAContainer() throws Exception {
        assumeTrue(
                TestKafka.engineRuns(), "no container engine that has the image: these tests ran on an embedded Kafka");

        assertThat(TestCluster.kind()).isEqualTo(TestKafka.Kind.CONTAINER);
        try (var admin = TestCluster.admin()) {
            FeatureMetadata features =
                    admin.describeFeatures().featureMetadata().get();
            assertThat(features.finalizedFeatures()).containsKeys("metadata.version", "transaction.version");
        }
    }
}
