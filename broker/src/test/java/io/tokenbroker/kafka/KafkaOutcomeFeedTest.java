package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class KafkaOutcomeFeedTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final TopicFacts topics = TestCluster.prepared();
    private final Admin admin = TestCluster.admin();
    private final Appender appender = new Appender(TestCluster.clients(), "outcomes");
    private final KafkaOutcomeLog log = new KafkaOutcomeLog(topics, appender);
    private final KafkaOutcomeFeed feed = new KafkaOutcomeFeed(
            topics,
            TestCluster.clients(),
            new FeedExtents(admin, topics.events().name(), Duration.ofMillis(200)));

    @AfterEach
    void close() {
        appender.close();
        admin.close();
    }

    private static Outcome anOutcome(String id) {
        return new Outcome(id, Instant.EPOCH, new IdentityProvisioned("user-" + id, "8:acs:x"), null, null);
    }

    private void announce(int from, int to) {
        Flux.range(from, to - from)
                .flatMap(n -> log.append(anOutcome("" + n)))
                .then()
                .block(LONG);
    }

    /** More than is fetched ahead, compressed or not. */
    private void announceMuch(int count) {
        Arbitrary any = Arbitrary.seeded();
        Flux.range(0, count)
                .map(n -> HexFormat.of().formatHex(any.bytes(1_000)))
                .map(noise -> new IdentityProvisioned(noise.substring(0, Math.min(9, noise.length())), noise))
                .map(event -> new Outcome("much", Instant.EPOCH, event, null, null))
                .flatMap(log::append)
                .then()
                .block(LONG);
    }

    private List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "" + n).toList();
    }

    /** Without the word that it has begun. */
    private Flux<Item> itemsAfter(@Nullable FeedPosition after) {
        return feed.after(after).filter(item -> !(item instanceof Item.Started));
    }

    private List<Item> take(@Nullable FeedPosition after, int count) {
        List<Item> items = itemsAfter(after).take(count).collectList().block(LONG);
        return items == null ? List.of() : items;
    }

    private static List<String> idsOf(List<Item> items) {
        List<String> ids = new ArrayList<>();
        items.forEach(item -> ids.add(
                item instanceof Item.Announced announced ? announced.outcome().id() : "gap"));
        return ids;
    }

    private FeedPosition beginning() {
        return new FeedPosition(topics.events().id(), Map.of(0, 0L, 1, 0L, 2, 0L));
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
    void aFeedWithoutPositionSendsWhatComesFromNowOnAndNothingEarlier() {
        announce(0, 5);
        List<Item> items = new CopyOnWriteArrayList<>();
        var subscription = feed.after(null).subscribe(items::add);
        await().atMost(LONG).until(() -> !items.isEmpty());
        assertThat(items).singleElement().isInstanceOf(Item.Started.class);

        announce(5, 6);

        await().atMost(LONG).until(() -> items.size() == 2);
        subscription.dispose();
        assertThat(idsOf(items.subList(1, 2))).containsOnly("5");
    }

    @Test
    void aFeedGoesOnExactlyAfterAnyItem() {
        announce(0, 30);
        List<Item> all = take(beginning(), 30);
        assertThat(idsOf(all)).containsExactlyInAnyOrderElementsOf(ids(0, 30));

        for (int stopped : List.of(0, 7, 15, 28)) {
            List<Item> rest = take(all.get(stopped).position(), 29 - stopped);

            List<String> both = new ArrayList<>(idsOf(all.subList(0, stopped + 1)));
            both.addAll(idsOf(rest));
            assertThat(both).containsExactlyInAnyOrderElementsOf(ids(0, 30));
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

        assertThat(idsOf(take(beginning(), 1))).containsExactly("committed");
    }

    @Test
    void recordsThatAreNoOutcomesArePassedOver() {
        TestCluster.write(new org.apache.kafka.clients.producer.ProducerRecord<>(
                topics.events().name(), new byte[] {1}, new byte[] {2}));
        announce(0, 1);

        assertThat(idsOf(take(beginning(), 1))).containsExactly("0");
    }

    @Test
    void whatRetentionTookIsToldAsAGapBeforeTheRest() {
        announce(0, 30);
        deleteBefore(0, 3);

        List<Item> items = take(beginning(), 28);

        assertThat(items.getFirst()).isInstanceOfSatisfying(Item.Gap.class, gap -> {
            assertThat(gap.reason()).isEqualTo(Reason.RETENTION);
            assertThat(gap.position().next()).containsEntry(0, 3L).containsEntry(1, 0L);
        });
        assertThat(idsOf(items.subList(1, 28))).doesNotContain("gap");
    }

    @Test
    void whatRetentionTakesFromASubscriberThatIsBehindIsToldAsAGap() {
        announceMuch(3_000);
        List<Item> items = new ArrayList<>();

        StepVerifier.create(itemsAfter(beginning()), 1)
                .expectNextCount(1)
                .then(this::deleteAll)
                .then(() -> announce(9_000, 9_001))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(item -> item instanceof Item.Announced, items::add)
                .assertNext(item -> assertThat(item)
                        .isInstanceOfSatisfying(
                                Item.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Reason.RETENTION)))
                .thenConsumeWhile(item -> !idsOf(List.of(item)).contains("9000"))
                .expectNextCount(1)
                .thenCancel()
                .verify(LONG);
        assertThat(items).as("what was fetched ahead").hasSizeLessThan(2_000);
    }

    @Test
    void aTopicMadeAnewIsToldAsAGapAndReadFromItsBeginning() {
        announce(0, 100);
        String name = topics.events().name();
        Flux<Item> items = itemsAfter(beginning());

        StepVerifier.create(items)
                .expectNextCount(100)
                .then(() -> admin.deleteTopics(List.of(name)))
                .then(() -> TopicMaking.make(admin, name, TestCluster.PARTITIONS))
                .then(() -> announce(100, 110))
                .assertNext(item -> assertThat(item)
                        .isInstanceOfSatisfying(
                                Item.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Reason.TOPIC)))
                .expectNextCount(10)
                .thenCancel()
                .verify(Duration.ofSeconds(40));
    }

    private static boolean aConsumerRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("reactive-kafka-"));
    }

    @Test
    void aCancelledFeedClosesItsConsumer() {
        await().atMost(LONG).until(() -> !aConsumerRuns());
        announce(0, 1);
        List<Item> items = new CopyOnWriteArrayList<>();
        var subscription = itemsAfter(beginning()).subscribe(items::add);
        await().atMost(LONG).until(() -> !items.isEmpty());
        assertThat(aConsumerRuns()).isTrue();

        subscription.dispose();

        await().atMost(LONG).until(() -> !aConsumerRuns());
    }

    @Test
    void aSubscriberThatAsksForLittleIsReadAheadForOnlyALittle() {
        announce(0, 50);

        StepVerifier.create(itemsAfter(beginning()), 3)
                .expectNextCount(3)
                .expectNoEvent(Duration.ofMillis(300))
                .thenRequest(47)
                .expectNextCount(47)
                .thenCancel()
                .verify(LONG);
    }
}
