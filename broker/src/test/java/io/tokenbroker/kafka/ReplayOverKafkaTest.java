package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.ReplayOutcome;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.UserCreated;
import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.JobState;
import io.tokenbroker.replay.LetterFilter;
import io.tokenbroker.replay.LogRanges.Bound;
import io.tokenbroker.replay.LogRanges.Log;
import io.tokenbroker.replay.LogRanges.Resolution;
import io.tokenbroker.replay.Mode;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.UserFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ReplayOverKafkaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** As Kafka's own default has it. */
    private static final int LARGEST_RECORD = 1_048_588;

    private final TopicFacts topics = TestCluster.prepared();
    private final String group = "group-" + UUID.randomUUID();
    private final IdentitiesInMemory acs = new IdentitiesInMemory();
    private final Admin admin = TestCluster.admin();
    private @Nullable Instance instance;

    @AfterEach
    void closeAll() {
        close();
        admin.close();
    }

    private void close() {
        if (instance != null) {
            instance.close();
            instance = null;
        }
    }

    private Replays replays() {
        return Objects.requireNonNull(instance).replays();
    }

    private void write(String user) {
        write(user, topics.partitioning().of(new UserId(user)));
    }

    private void write(String user, int partition) {
        byte[] key = user.getBytes(UTF_8);
        var record = new ProducerRecord<byte[], byte[]>(topics.lifecycle().name(), partition, key, null);
        Map.of("ce_specversion", "1.0", "ce_id", user, "ce_source", "/hr", "ce_type", UserCreated.TYPE)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        TestCluster.write(record);
    }

    private Job run(boolean dryRun) {
        ReplayRequest request = new ReplayRequest(
                UUID.randomUUID().toString(),
                Mode.PROVISION,
                everything(),
                UserFilter.EVERYBODY,
                null,
                dryRun,
                false,
                false,
                "admin",
                Instant.now());
        return run(request);
    }

    private Job run(ReplayRequest request) {
        assertThat(replays().start(request).block(PATIENCE)).isInstanceOf(Replays.Result.Done.class);
        await().atMost(PATIENCE)
                .until(() -> replays().find(request.id()).orElseThrow().state().isOver());
        return replays().find(request.id()).orElseThrow();
    }

    private Job redrive(boolean dryRun, LetterFilter which) {
        ScanRange range = ((Resolution.Resolved) resolve(Log.DEAD_LETTERS, new Bound.Earliest(), false)).range();
        return run(new ReplayRequest(
                UUID.randomUUID().toString(),
                Mode.REDRIVE,
                range,
                UserFilter.EVERYBODY,
                which,
                dryRun,
                false,
                false,
                "admin",
                Instant.now()));
    }

    private ScanRange everything() {
        return ((Resolution.Resolved) resolve(new Bound.Earliest(), false)).range();
    }

    private Resolution resolve(Bound from, boolean acceptGap) {
        return resolve(Log.EVENTS, from, acceptGap);
    }

    private Resolution resolve(Log log, Bound from, boolean acceptGap) {
        return Objects.requireNonNull(new KafkaLogRanges(topics, admin)
                .resolve(log, from, new Bound.Latest(), acceptGap)
                .block(PATIENCE));
    }

    @Test
    void historyFromBeforeTheBrokerIsPlannedAppliedOnceAndThenLeftAlone() {
        for (int i = 0; i < 40; i++) {
            write("user-" + i);
        }
        write("stray", (topics.partitioning().of(new UserId("stray")) + 1) % TestCluster.PARTITIONS);
        TestCluster.write(new ProducerRecord<>(topics.lifecycle().name(), 0, null, "garbage".getBytes(UTF_8)));
        instance = new Instance(topics, group, acs, "latest");

        Job dryRun = run(true);
        assertThat(acs.created()).isZero();
        Job applied = run(false);
        Job again = run(false);

        assertThat(dryRun.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(dryRun.plan()).of(ReplayOutcome.CREATED))
                .isEqualTo(41);
        assertThat(dryRun.plan().scanned().unreadable()).isEqualTo(1);
        assertThat(applied.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(applied.progress()).of(ReplayOutcome.CREATED))
                .isEqualTo(41);
        assertThat(acs.created()).isEqualTo(41);
        assertThat(Objects.requireNonNull(again.plan()).changes()).isZero();
        assertThat(Objects.requireNonNull(instance).entry(new UserId("stray")).map(DirectoryEntry::identityId))
                .isPresent();
    }

    @Test
    void anotherInstanceGoesOnWithAJobWhoseRunnerDied() {
        for (int i = 0; i < 60; i++) {
            write("user-" + i);
        }
        acs.setLatency(Duration.ofMillis(100));
        instance = new Instance(topics, group, acs, "latest", 5);
        ReplayRequest request = new ReplayRequest(
                "job-1",
                Mode.PROVISION,
                everything(),
                UserFilter.EVERYBODY,
                null,
                false,
                false,
                false,
                "admin",
                Instant.now());
        replays().start(request).block(PATIENCE);
        await().atMost(PATIENCE).until(() -> acs.created() > 10);

        close();
        instance = new Instance(topics, group, acs, "latest", 50);

        await().atMost(PATIENCE)
                .until(() -> replays()
                        .find("job-1")
                        .filter(job -> job.state().isOver())
                        .isPresent());
        Job job = replays().find("job-1").orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(job.progress()).of(ReplayOutcome.CREATED))
                .isEqualTo(60);
        assertThat(acs.live()).hasSize(60);
    }

    @Test
    void aRangeThatBeginsBeforeRetentionIsToldAndMayBeAccepted() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("user-" + i, 0);
        }
        TopicPartition first = new TopicPartition(topics.lifecycle().name(), 0);
        admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(3)))
                .all()
                .get();
        Bound.Offsets fromZero = new Bound.Offsets(null, Map.of(0, 0L));

        assertThat(resolve(fromZero, false))
                .isEqualTo(new Resolution.Gap(List.of("partition 0 begins at 3, not at 0")));
        assertThat(resolve(new Bound.At(Instant.EPOCH), false)).isInstanceOf(Resolution.Gap.class);
        assertThat(resolve(fromZero, true))
                .isEqualTo(new Resolution.Resolved(
                        new ScanRange(topics.lifecycle().id(), List.of(new ScanRange.Span(0, 3, 5)))));
        assertThat(resolve(new Bound.Offsets(null, Map.of(0, 6L, 9, 0L)), false))
                .isInstanceOfSatisfying(
                        Resolution.Invalid.class,
                        invalid -> assertThat(invalid.errors())
                                .extracting(error -> error.field())
                                .containsExactlyInAnyOrder("/from/offsets/0", "/from/offsets/9"));
        assertThat(resolve(new Bound.Offsets("another-topic", Map.of(0, 3L)), false))
                .isInstanceOf(Resolution.Invalid.class);
    }

    @Test
    void deadLettersAreRedrivenInBulkAndNoneOfThemTwice() {
        acs.setRefusing(true);
        List.of("alice", "bob", "carol", "dora").forEach(this::write);
        instance = new Instance(topics, group, acs, "earliest");
        await().atMost(PATIENCE)
                .until(() -> TestCluster.read(topics.deadLetters()).size() == 4);
        acs.setRefusing(false);

        Job dryRun = redrive(true, new LetterFilter("ACS", null));
        Job applied = redrive(false, new LetterFilter("ACS", null));
        Job again = redrive(false, LetterFilter.ALL);

        assertThat(Objects.requireNonNull(dryRun.plan()).of(ReplayOutcome.REDRIVEN))
                .isEqualTo(4);
        assertThat(applied.state()).isEqualTo(JobState.COMPLETED);
        assertThat(Objects.requireNonNull(applied.progress()).of(ReplayOutcome.REDRIVEN))
                .isEqualTo(4);
        assertThat(applied.progress().parked()).isZero();
        assertThat(acs.live()).hasSize(4);
        assertThat(Objects.requireNonNull(again.plan()).changes()).isZero();
        assertThat(again.plan().of(ReplayOutcome.UNCHANGED)).isEqualTo(4);
        assertThat(TestCluster.read(topics.lifecycle())).hasSize(8);
    }

    @Test
    void ofTwoJobsAskedForAtTheSameMomentAtTwoInstancesOneIsRefused() {
        write("user-1");
        acs.setLatency(Duration.ofSeconds(1));
        instance = new Instance(topics, group, acs, "latest");
        try (Instance other = new Instance(topics, group, acs, "latest")) {
            List<Replays.Result> results = Objects.requireNonNull(Mono.zip(
                            replays().start(provision("job-1", false)),
                            other.replays().start(provision("job-2", false)),
                            List::of)
                    .block(PATIENCE));

            assertThat(results).hasAtLeastOneElementOfType(Replays.Result.Done.class);
            assertThat(results).hasAtLeastOneElementOfType(Replays.Result.Conflict.class);
            await().atMost(PATIENCE)
                    .until(() ->
                            replays().all().stream().allMatch(job -> job.state().isOver()));
            assertThat(replays().all())
                    .extracting(Job::state)
                    .containsExactlyInAnyOrder(JobState.COMPLETED, JobState.FAILED);
            assertThat(acs.created()).isEqualTo(1);
        }
    }

    @Test
    void oldJobsAreRemovedFromTheTopic() {
        instance = new Instance(topics, group, acs, "latest");
        for (int i = 0; i < Instance.JOBS_KEPT + 2; i++) {
            run(provision("job-" + i, true));
        }
        await().atMost(PATIENCE).until(() -> replays().all().size() == Instance.JOBS_KEPT);

        close();
        instance = new Instance(topics, group, acs, "latest");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(replays().all())
                        .extracting(Job::id)
                        .containsExactlyInAnyOrder("job-2", "job-3", "job-4"));
    }

    private ReplayRequest provision(String id, boolean dryRun) {
        return new ReplayRequest(
                id,
                Mode.PROVISION,
                everything(),
                UserFilter.EVERYBODY,
                null,
                dryRun,
                false,
                false,
                "admin",
                Instant.now());
    }

    /** The request fits into a record, the job with its plan does not. */
    private ReplayRequest tooLarge(String user) {
        Set<String> users = new HashSet<>(Set.of(user));
        ReplayRequest request = provision("large", users);
        int room = LARGEST_RECORD - 200 - size(request);
        // each with its quotes and a comma
        for (int i = 0; i < room / 253; i++) {
            users.add("%0250d".formatted(i));
        }
        return provision("large", users);
    }

    private int size(ReplayRequest request) {
        return JobCodec.encode(topics.replayJobs().name(), request).value().length;
    }

    private ReplayRequest provision(String id, Set<String> users) {
        return new ReplayRequest(
                id,
                Mode.PROVISION,
                everything(),
                new UserFilter(null, users),
                null,
                false,
                false,
                false,
                "admin",
                Instant.now());
    }

    @Test
    void aJobWhoseRecordKafkaNeverTakesFailsAndTheNextOneIsRun() {
        write("user-1");
        instance = new Instance(topics, group, acs, "latest");
        ReplayRequest large = tooLarge("user-1");

        Job failed = run(large);
        Job next = run(provision("next", false));

        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.reason()).contains("larger than its topic takes");
        assertThat(failed.request()).isEqualTo(large);
        assertThat(next.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void whatWasPlannedIsNotAppliedToATopicThatWasMadeAnewSince() throws Exception {
        write("user-1");
        instance = new Instance(topics, group, acs, "latest");
        ReplayRequest planned = provision("plan", true);
        assertThat(Objects.requireNonNull(run(planned).plan()).changes()).isEqualTo(1);
        ReplayRequest toApply = new ReplayRequest(
                "apply",
                Mode.PROVISION,
                planned.range(),
                UserFilter.EVERYBODY,
                null,
                false,
                false,
                false,
                "admin",
                Instant.now());

        makeAnew(topics.lifecycle().name());
        Job refused = run(toApply);

        assertThat(refused.state()).isEqualTo(JobState.FAILED);
        assertThat(refused.reason()).contains("made anew");
        assertThat(acs.created()).isZero();
    }

    private void makeAnew(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
        await().atMost(PATIENCE).until(() -> !admin.listTopics().names().get().contains(topic));
        admin.createTopics(List.of(new NewTopic(topic, TestCluster.PARTITIONS, (short) 1)))
                .all()
                .get();
    }
}
