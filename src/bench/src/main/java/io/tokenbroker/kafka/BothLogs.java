package io.tokenbroker.kafka;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.tokenbroker.intake.LifecycleLog;
import io.tokenbroker.outcomes.OutcomeRelay;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The broker's own ways into its input log and out of its outcomes, over new topics. */
public final class BothLogs implements AutoCloseable {

    private final KafkaClients clients;
    private final TopicFacts topics;
    private final Appender single;
    private final TransactionalAppender several;

    /** @param name of the topics and of the group, each new */
    public BothLogs(String bootstrapServers, String name, int partitions) {
        clients = new KafkaClients(new KafkaSettings(bootstrapServers, Map.of(), name));
        topics = new TopicSetup(
                        clients,
                        new TopicSettings(
                                name + ".lifecycle",
                                name + ".directory",
                                name + ".events",
                                name + ".dead",
                                name + ".jobs",
                                name + ".intents",
                                partitions,
                                (short) -1))
                .prepare();
        single = new Appender(clients, "appender");
        several = new TransactionalAppender(clients, "intake");
    }

    public LifecycleLog input() {
        return new KafkaLifecycleLog(topics, single, several);
    }

    public OutcomeRelay relay() {
        return new KafkaOutcomeRelay(clients, topics);
    }

    /** Writes outcomes, of the users who are their subjects; returns when they are durable. */
    public void write(List<CloudEvent> outcomes) {
        try (var producer = new KafkaProducer<byte[], byte[]>(clients.producer("bench"))) {
            for (CloudEvent outcome : outcomes) {
                byte[] key = Objects.requireNonNull(outcome.getSubject()).getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(
                        KafkaMessageFactory.createWriter(topics.events().name(), null, key)
                                .writeBinary(outcome));
            }
            producer.flush();
        }
    }

    @Override
    public void close() {
        single.close();
        several.close();
    }
}
