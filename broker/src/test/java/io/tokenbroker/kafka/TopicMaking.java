package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics made by a test's own hand. */
final class TopicMaking {

    private TopicMaking() {}

    /** A deletion takes its time to be forgotten. */
    static void make(Admin admin, String name, int partitions) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                                .topicId(name)
                                .get(5, TimeUnit.SECONDS))
                        .isNotNull());
    }
}
