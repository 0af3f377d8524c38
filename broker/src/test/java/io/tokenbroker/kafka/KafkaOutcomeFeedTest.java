package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.FeedFlux;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import io.tokenbroker.outcomes.OutcomeFeedContract;
import io.tokenbroker.outcomes.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class KafkaOutcomeFeedTest extends OutcomeFeedContract {

    private static final int FEW = 32;

    private final TopicFacts topics = TestCluster.prepared();
    private final Admin admin = TestCluster.admin();
    private final Appender appender = new Appender(TestCluster.clients(), "outcomes");
    private final KafkaOutcomeLog log = new KafkaOutcomeLog(topics, appender);
    private KafkaOutcomeFeed feed = started(TestCluster.clients());

    private KafkaOutcomeFeed started(KafkaClients clients) {
        KafkaOutcomeFeed instance = new KafkaOutcomeFeed(topics, clients, admin, Duration.ofMillis(200), FEW);
        instance.start();
        return instance;
    }

    /** With nothing in memory. */
    private void startAgain() {
        feed.close();
        feed = started(TestCluster.clients());
    }

    @AfterEach
    void close() {
        feed.close();
        appender.close();
        admin.close();
    }

    @Override
    protected OutcomeFeed feed() {
        return feed;
    }

    @Override
    protected void announce(OutcomeEvent event) {
        log.append(new Outcome(event.userId(), Instant.EPOCH, event, null, null))
                .block(LONG);
    }

    /** From the log; memory still has it. */
    @Override
    protected void forget() {
        deleteAll();
    }

    private static Outcome anOutcome(String id) {
        return new Outcome(id, Instant.EPOCH, new IdentityProvisioned("user-" + id, "8:acs:x"), null, null);
    }

    private void announceMany(int from, int to) {
        Flux.range(from, to - from)
                .flatMap(n -> log.append(anOutcome("" + n)))
                .then()
                .block(LONG);
    }

    private FeedPosition beginning() {
        return new FeedPosition(topics.events().id(), 3, Map.of(0, 0L, 1, 0L, 2, 0L));
    }

    private void deleteBefore(int partition, long offset) {
        var where = new TopicPartition(topics.events().name(), partition);
        try {
            admin.deleteRecords(Map.of(where, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private void deleteAll() {
        for (int partition = 0; partition < TestCluster.PARTITIONS; partition++) {
            deleteBefore(partition, -1);
        }
    }

    @Test
    void whatIsNotCommittedIsNotAnnounced() {
        Map<String, Object> properties = TestCluster.clients().producer("open");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.events().id());
        try (var producer = new KafkaProducer<byte[], byte[]>(properties)) {
            producer.initTransactions();
            producer.beginTransaction();
            var aborted = producer.send(OutcomeCodec.encode(topics.events().name(), anOutcome("aborted")));
            producer.flush();
            assertThat(aborted).isDone();
            producer.abortTransaction();
            producer.beginTransaction();
            var committed = producer.send(OutcomeCodec.encode(topics.events().name(), anOutcome("committed")));
            producer.commitTransaction();
            assertThat(committed).isDone();
        }

        assertThat(users(rest(beginning(), Wanted.EVERYTHING, 1))).containsExactly("user-committed");
    }

    @Test
    void recordsThatAreNoOutcomesOrNotOfTheirKeysUserArePassedOver() {
        String topic = topics.events().name();
        TestCluster.write(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2}));
        ProducerRecord<byte[], byte[]> good = OutcomeCodec.encode(topic, anOutcome("0"));
        TestCluster.write(new ProducerRecord<>(topic, 0, new byte[] {1}, good.value(), good.headers()));
        announce(1, 2);

        assertThat(users(rest(beginning(), Wanted.EVERYTHING, 1))).containsExactly("user-1");
    }

    @Test
    void whatRetentionTookIsToldOnceBeforeTheRest() {
        announceMany(0, 300);
        deleteBefore(0, 3);
        deleteBefore(1, 5);
        startAgain();

        List<Item> items = take(beginning(), Wanted.EVERYTHING, 293);

        assertThat(items.getFirst()).isInstanceOfSatisfying(Item.Gap.class, gap -> {
            assertThat(gap.reason()).isEqualTo(Reason.RETENTION);
            assertThat(gap.position().next()).isEqualTo(Map.of(0, 3L, 1, 5L, 2, 0L));
        });
        assertThat(users(items.subList(1, 293))).doesNotContain("gap").doesNotHaveDuplicates();
    }

    @Test
    void whatRetentionTakesFromOneWhoIsBehindIsToldAsAGap() {
        announceMany(0, 3_000);
        List<Item> items = new ArrayList<>();

        StepVerifier.create(FeedFlux.of(feed, beginning(), Wanted.EVERYTHING), 2)
                .expectNextCount(2)
                .then(this::deleteAll)
                .then(() -> announce(9_000, 9_001))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(item -> !(item instanceof Item.Gap), items::add)
                .assertNext(item -> assertThat(item)
                        .isInstanceOfSatisfying(
                                Item.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Reason.RETENTION)))
                .thenConsumeWhile(item -> !users(List.of(item)).contains("user-9000"))
                .expectNextCount(1)
                .thenCancel()
                .verify(LONG);
        assertThat(items).as("what was read ahead").hasSizeLessThan(1_000);
    }

    @Test
    void aTopicMadeAnewIsToldAsAGapAndReadFromItsBeginning() {
        announceMany(0, 100);
        String name = topics.events().name();

        StepVerifier.create(FeedFlux.of(feed, beginning(), Wanted.EVERYTHING).skip(1))
                .expectNextCount(100)
                .then(() -> admin.deleteTopics(List.of(name)))
                .then(() -> TopicMaking.make(admin, name, TestCluster.PARTITIONS))
                .then(() -> announceMany(100, 110))
                .assertNext(item -> assertThat(item)
                        .isInstanceOfSatisfying(
                                Item.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Reason.TOPIC)))
                .expectNextCount(10)
                .thenCancel()
                .verify(Duration.ofSeconds(40));
    }

    @Test
    void partitionsThatAreAddedAreFollowedByWhoeverReadsAlreadyAndByWhoeverComesBack() {
        List<Item> items = new CopyOnWriteArrayList<>();
        var subscription = FeedFlux.of(feed, beginning(), Wanted.EVERYTHING).subscribe(items::add);
        announceMany(0, 10);
        await().atMost(LONG).until(() -> items.size() == 11);
        FeedPosition before = items.getLast().position();

        admin.createPartitions(Map.of(topics.events().name(), NewPartitions.increaseTo(7)));
        await().atMost(LONG).until(() -> {
            var position = now();
            return position.partitions() == 7;
        });
        for (int partition = 0; partition < 7; partition++) {
            ProducerRecord<byte[], byte[]> plain =
                    OutcomeCodec.encode(topics.events().name(), anOutcome("in-" + partition));
            TestCluster.write(
                    new ProducerRecord<>(plain.topic(), partition, plain.key(), plain.value(), plain.headers()));
        }

        await().atMost(LONG).until(() -> items.size() == 18);
        subscription.dispose();
        assertThat(users(items)).doesNotContain("gap").doesNotHaveDuplicates();
        assertThat(users(rest(before, Wanted.EVERYTHING, 7)))
                .containsExactlyInAnyOrderElementsOf(users(items.subList(11, 18)));
    }

    @Test
    void theIdOfAStreamOfOneUserNamesOnePartition() {
        announceMany(0, 10);

        Item item = rest(beginning(), new Wanted(Set.of("user-4"), Set.of()), 1).getFirst();

        assertThat(item.position().next()).hasSize(1);
    }

    @Test
    void aThreadThatBreaksOffIsBegunAgainAndNothingIsMissedOrDoubled() {
        List<Item> items = new CopyOnWriteArrayList<>();
        var subscription = FeedFlux.of(feed, beginning(), Wanted.EVERYTHING).subscribe(items::add);
        for (int round = 0; round < 5; round++) {
            announceMany(10 * round, 10 * round + 10);
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("outcome-"))
                    .forEach(Thread::interrupt);
        }

        await().atMost(LONG).until(() -> items.size() >= 51);
        subscription.dispose();
        assertThat(users(items)).doesNotContain("gap").doesNotHaveDuplicates().hasSize(51);
    }

    @Test
    void aThousandWhoComeBackAtOnceAreReadForByTwoConsumers() {
        Opened.CLIENTS.set(0);
        KafkaSettings settings = new KafkaSettings(
                TestCluster.bootstrapServers(),
                Map.of(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, Opened.class.getName()),
                "counted");
        announceMany(0, 500);
        KafkaOutcomeFeed counted = started(new KafkaClients(settings));
        try {
            List<List<Item>> all = Flux.range(0, 1_000)
                    .flatMap(
                            i -> {
                                Map<Integer, Long> next = new HashMap<>(Map.of(0, 0L, 1, 0L, 2, 0L));
                                next.put(i % 3, (long) (i % 100));
                                FeedPosition after =
                                        new FeedPosition(topics.events().id(), 3, next);
                                return FeedFlux.of(counted, after, Wanted.EVERYTHING)
                                        .skip(1)
                                        .take(500 - i % 100)
                                        .collectList();
                            },
                            1_000)
                    .collectList()
                    .blockOptional(Duration.ofSeconds(60))
                    .orElseThrow();

            assertThat(all)
                    .hasSize(1_000)
                    .allSatisfy(items ->
                            assertThat(users(items)).doesNotContain("gap").doesNotHaveDuplicates());
            assertThat(Opened.CLIENTS).hasValueLessThanOrEqualTo(2);
            assertThat(counted.pagesLoaded()).as("pages shared by a thousand").isLessThan(300);
        } finally {
            counted.close();
        }
    }

    /** Counts clients, each of which makes one of these. */
    public static final class Opened implements MetricsReporter {

        static final AtomicInteger CLIENTS = new AtomicInteger();

        @Override
        public void init(List<KafkaMetric> metrics) {
            CLIENTS.incrementAndGet();
        }

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
