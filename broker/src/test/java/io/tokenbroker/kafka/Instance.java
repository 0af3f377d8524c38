package io.tokenbroker.kafka;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.intake.Intake;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.pipeline.Pipeline;
import io.tokenbroker.pipeline.PipelineSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** One broker's pipeline over Kafka, without HTTP and without ACS. */
final class Instance implements AutoCloseable {

    static final int ROOM = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DirectoryView directory = new DirectoryView();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Scheduler scheduler = Schedulers.newParallel("instance", 2);
    private final Admin admin = TestCluster.admin();
    private final DirectoryTail tail;
    private final InputReceiver receiver;

    Instance(TopicFacts topics, String group, IdentityCalls acs) {
        KafkaClients clients = new KafkaClients(new KafkaSettings(TestCluster.bootstrapServers(), Map.of(), group));
        CreateIntents intents = new CreateIntents();
        ViewProgress progress = new ViewProgress();
        tail = new DirectoryTail(clients.consumer("tail"), topics, directory, intents, progress);
        KafkaDirectory confirmed = new KafkaDirectory(
                topics, new EndOffsets(admin, Duration.ofSeconds(5)), progress, directory, tail, Clock.systemUTC());
        JournalFactory journals = new JournalFactory(
                clients, new TransactionRecords(topics), topics.partitioning(), directory, intents, confirmed, tail);
        Pipeline pipeline = new Pipeline(
                new Rules(new TokenDefaults(false, Set.of("chat"), 60), new NobodyElses()),
                directory,
                intents,
                acs,
                new PipelineSettings(
                        ROOM,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(5),
                        new PipelineSettings.RetryPolicy(5, Duration.ofMillis(10), Duration.ofSeconds(1))),
                meters,
                Clock.systemUTC(),
                scheduler);
        receiver = new InputReceiver(
                clients.consumer("input"),
                group,
                "earliest",
                topics,
                pipeline,
                new ArrivalReader(new RecordReader(new Intake(List.of())), topics),
                journals,
                owned -> {});
        tail.start();
        receiver.start();
    }

    Optional<DirectoryEntry> entry(UserId userId) {
        return directory.find(userId);
    }

    Optional<String> trouble() {
        return receiver.trouble();
    }

    double admitted() {
        return meters.get("tokenbroker.pipeline.admitted").gauge().value();
    }

    @Override
    public void close() {
        receiver.stop().block(PATIENCE);
        tail.close();
        scheduler.dispose();
        admin.close();
    }

    private static final class NobodyElses implements IdentityOwnership {
        @Override
        public boolean isForeign(AcsIdentityId identityId) {
            return false;
        }

        @Override
        public Optional<UserId> holderOf(AcsIdentityId identityId) {
            return Optional.empty();
        }
    }
}
