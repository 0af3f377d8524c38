package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.lifecycle.IdentityOwnership;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.lifecycle.TokenDefaults;
import io.tokenbroker.replay.Ground;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobDesk;
import io.tokenbroker.replay.JobState;
import io.tokenbroker.replay.Mode;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.Replays;
import io.tokenbroker.replay.RetiringResources;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.UserFilter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who runs the jobs, over a log whose readings take as long as they are told to. */
class JobsOwnershipTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TopicFacts topics = TestCluster.prepared();
    private final String group = "group-" + UUID.randomUUID();
    private final KafkaClients clients =
            new KafkaClients(new KafkaSettings(TestCluster.bootstrapServers(), Map.of(), group));
    private final Admin admin = TestCluster.admin();
    private final CountDownLatch reading = new CountDownLatch(1);

    @AfterEach
    void close() {
        reading.countDown();
        admin.close();
    }

    /** One of the broker's instances, as far as jobs go. */
    private final class Member implements AutoCloseable {
        private final AtomicInteger readings = new AtomicInteger();
        private final JobBook book = new JobBook();
        private final Appender appender = new Appender(clients, "replays");
        private final Replays replays = new Replays(book, new KafkaJobLog(topics, appender), Clock.systemUTC());
        private final JobsTail tail = new JobsTail(clients, topics, book, new EndOffsets(admin, Duration.ofSeconds(5)));
        private final JobsOwnership ownership = new JobsOwnership(
                clients, topics, book, tail, new JobDesk(ground(this::read), book, 10), Clock.systemUTC());

        Member() {
            tail.start();
            ownership.start();
        }

        private void read() {
            readings.incrementAndGet();
            try {
                assertThat(reading.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        void start(String job) {
            assertThat(replays.start(dryRun(job)).block(PATIENCE)).isInstanceOf(Replays.Result.Done.class);
        }

        void awaitCompleted(String job) {
            await().atMost(PATIENCE).until(() -> replays.find(job).orElseThrow().state() == JobState.COMPLETED);
        }

        @Override
        public void close() {
            reading.countDown();
            ownership.stop();
            tail.close();
            appender.close();
        }
    }

    private ReplayRequest dryRun(String id) {
        ScanRange range = new ScanRange(topics.lifecycle().id(), List.of(new ScanRange.Span(0, 0, 1)));
        return new ReplayRequest(
                id, Mode.PROVISION, range, UserFilter.EVERYBODY, null, true, false, false, "admin", Instant.now());
    }

    private static Ground ground(Runnable reading) {
        return new Ground(
                (topicId, span, acceptGap, each) -> reading.run(),
                (topicId, span, each) -> {},
                new Rules(new TokenDefaults(false, Set.of("chat"), 60), new NobodyElses()),
                new DirectoryView(),
                kind -> 1000,
                new NothingRetires(),
                Clock.systemUTC(),
                10);
    }

    private void awaitMembers(int count) {
        await().atMost(PATIENCE).until(() -> {
            ConsumerGroupDescription found = admin.describeConsumerGroups(List.of(group + "-replay"))
                    .all()
                    .get()
                    .get(group + "-replay");
            return found != null && found.members().size() == count && found.groupState() == GroupState.STABLE;
        });
    }

    @Test
    void aRunGoesOnWhenAnotherInstanceJoins() {
        try (Member first = new Member()) {
            first.start("job-1");
            await().atMost(PATIENCE).until(() -> first.readings.get() == 1);

            try (Member second = new Member()) {
                awaitMembers(2);
                reading.countDown();
                first.awaitCompleted("job-1");

                assertThat(first.readings).hasValue(1);
                assertThat(second.readings).hasValue(0);
            }
        }
    }

    @Test
    void whoIsFencedAndStillOwnsTheJobsGoesOnWithAnotherProducer() {
        reading.countDown();
        try (Member member = new Member()) {
            member.start("job-1");
            member.awaitCompleted("job-1");

            fence();
            member.start("job-2");

            member.awaitCompleted("job-2");
        }
    }

    private void fence() {
        Map<String, Object> properties = clients.producer("another");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-replay");
        try (var another = new KafkaProducer<byte[], byte[]>(properties)) {
            another.initTransactions();
        }
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
