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
import io.tokenbroker.replay.Ground;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobDesk;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.replay.RetiringResources;
import io.tokenbroker.traces.Traces;
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
    static final int JOBS_KEPT = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DirectoryView directory = new DirectoryView();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Scheduler scheduler = Schedulers.newParallel("instance", 2);
    private final Admin admin = TestCluster.admin();
    private final DirectoryTail tail;
    private final InputReceiver receiver;
    private final Replays replays;
    private final JobsTail jobs;
    private final JobsOwnership ownership;
    private final Appender appender;

    Instance(TopicFacts topics, String group, IdentityCalls acs) {
        this(topics, group, acs, "earliest", ROOM / 2);
    }

    Instance(TopicFacts topics, String group, IdentityCalls acs, String startFrom) {
        this(topics, group, acs, startFrom, ROOM / 2);
    }

    /** @param window of replays */
    Instance(TopicFacts topics, String group, IdentityCalls acs, String startFrom, int window) {
        KafkaClients clients = new KafkaClients(new KafkaSettings(TestCluster.bootstrapServers(), Map.of(), group));
        CreateIntents intents = new CreateIntents();
        ViewProgress progress = new ViewProgress();
        tail = new DirectoryTail(clients.consumer("tail"), topics, directory, intents, progress);
        KafkaDirectory confirmed = new KafkaDirectory(
                topics, new EndOffsets(admin, Duration.ofSeconds(5)), progress, directory, tail, Clock.systemUTC());
        JournalFactory journals = new JournalFactory(clients, topics, directory, intents, confirmed, tail, Traces.OFF);
        Rules rules = new Rules(new TokenDefaults(false, Set.of("chat"), 60), new NobodyElses());
        RecordReader records = new RecordReader(new Intake(List.of()));
        Pipeline pipeline = new Pipeline(
                rules,
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
                startFrom,
                topics,
                pipeline,
                new ArrivalReader(records, topics, Traces.OFF),
                journals,
                owned -> {});
        JobBook book = new JobBook();
        appender = new Appender(clients, "replays");
        replays = new Replays(book, new KafkaJobLog(topics, appender), Clock.systemUTC());
        jobs = new JobsTail(clients, topics, book, new EndOffsets(admin, Duration.ofSeconds(5)));
        KafkaHistory history = new KafkaHistory(topics, records, clients, admin);
        KafkaLetters letters = new KafkaLetters(topics, records, clients, admin, Clock.systemUTC());
        Ground ground = new Ground(
                history, letters, rules, directory, kind -> 1000, new NothingRetires(), Clock.systemUTC(), window);
        ownership =
                new JobsOwnership(clients, topics, book, jobs, new JobDesk(ground, book, JOBS_KEPT), Clock.systemUTC());
        tail.start();
        receiver.start();
        jobs.start();
        ownership.start();
    }

    Replays replays() {
        return replays;
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
        ownership.stop();
        receiver.stop().block(PATIENCE);
        jobs.close();
        appender.close();
        tail.close();
        scheduler.dispose();
        admin.close();
    }

    private static final class NothingRetires implements RetiringResources {
        @Override
        public Optional<String> problem() {
            return Optional.of("nothing retires");
        }

        @Override
        public boolean isRetiring(AcsIdentityId identityId) {
            return false;
        }
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
