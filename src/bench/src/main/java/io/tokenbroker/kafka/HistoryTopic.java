package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tokenbroker.events.UserCreated;
import io.tokenbroker.events.UserResumed;
import io.tokenbroker.events.UserSuspended;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.replay.History;
import io.tokenbroker.replay.LogRanges;
import io.tokenbroker.replay.ScanRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A log with a history in a Kafka of its own, read again as replays do. It lies in the broker's package because what it
 * measures is nobody else's to call.
 */
public final class HistoryTopic implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> TYPES = List.of(UserCreated.TYPE, UserSuspended.TYPE, UserResumed.TYPE);
    private static final byte[] DATA =
            "{\"scopes\":[\"chat\",\"voip\"],\"expiresInMinutes\":120,\"department\":\"sales\"}".getBytes(UTF_8);

    private final KafkaClients clients;
    private final TopicFacts topics;
    private final Admin admin;

    /** Makes the broker's topics. */
    public HistoryTopic(String bootstrapServers, int partitions) {
        clients = new KafkaClients(new KafkaSettings(bootstrapServers, Map.of(), "bench"));
        topics = new TopicSetup(
                        clients,
                        new TopicSettings(
                                "user-lifecycle",
                                "identity-directory",
                                "token-events",
                                "user-lifecycle.dead-letters",
                                "replay-jobs",
                                "create-intents",
                                partitions,
                                (short) -1))
                .prepare();
        admin = clients.openAdmin("bench");
    }

    /** So many events, of each user in turn: created, suspended, resumed, created, … */
    public void write(int events, int users) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(clients.producer("bench"))) {
            for (int i = 0; i < events; i++) {
                String user = UUID.nameUUIDFromBytes(Integer.toString(i % users).getBytes(UTF_8))
                        .toString();
                String type = TYPES.get(i / users % TYPES.size());
                var record = new ProducerRecord<>(
                        topics.lifecycle().name(),
                        topics.partitioning().of(user.getBytes(UTF_8)),
                        user.getBytes(UTF_8),
                        DATA);
                List.of(
                                Map.entry("ce_specversion", "1.0"),
                                Map.entry("ce_id", "event-" + i),
                                Map.entry("ce_source", "https://people.example.com/users"),
                                Map.entry("ce_type", type),
                                Map.entry("ce_subject", user),
                                Map.entry("content-type", "application/json"))
                        .forEach(header -> record.headers()
                                .add(header.getKey(), header.getValue().getBytes(UTF_8)));
                var unused = producer.send(record);
            }
            producer.flush();
        }
    }

    public History history() {
        return new KafkaHistory(topics, new RecordReader(new Intake(List.of())), clients, admin);
    }

    /** All of the log as it is now. */
    public ScanRange everything() {
        LogRanges.Resolution found = new KafkaLogRanges(topics, admin)
                .resolve(LogRanges.Log.EVENTS, new LogRanges.Bound.Earliest(), new LogRanges.Bound.Latest(), false)
                .block(PATIENCE);
        return ((LogRanges.Resolution.Resolved) Objects.requireNonNull(found)).range();
    }

    @Override
    public void close() {
        admin.close();
    }
}
