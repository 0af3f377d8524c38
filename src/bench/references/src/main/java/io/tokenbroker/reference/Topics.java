package io.tokenbroker.reference;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of the broker that the references use too, with the partitions and cleanup it gives them. */
final class Topics {

    static final String EVENTS_IN = "user-lifecycle";
    static final String OUTCOMES = "token-events";
    static final String ENTRIES = "identity-directory";

    private static final int PARTITIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Topics() {}

    static void make(String bootstrapServers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(
                            List.of(topic(EVENTS_IN, "delete"), topic(OUTCOMES, "delete"), topic(ENTRIES, "compact")))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics could not be made", e);
        }
    }

    private static NewTopic topic(String name, String cleanup) {
        return new NewTopic(name, PARTITIONS, (short) 1).configs(Map.of("cleanup.policy", cleanup));
    }
}
