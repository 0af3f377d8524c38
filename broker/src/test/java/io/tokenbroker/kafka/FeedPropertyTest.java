package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.IdentitySuspended;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.Wanted;
import io.tokenbroker.pipeline.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random appends, some of them aborted, and random readers that come and go, some of them slow: each is told exactly
 * what it wants after its position, in order in each partition, nothing twice, and can go on after whatever it was told.
 */
class FeedPropertyTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int USERS = 12;
    private static final int READERS = 25;
    private static final int ROUNDS = 60;

    private final TopicFacts topics = TestCluster.prepared();

    @Test
    void everybodyIsToldExactlyWhatIsWantedAfterTheirPosition() {
        long seed = Seeds.next();
        System.out.println("seed: -Dseed=" + seed);
        Seeds.explain(seed, () -> run(new Random(seed)));
    }

    private void run(Random random) {
        Map<String, Object> properties = TestCluster.clients().producer("appends");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.events().id());
        try (Admin admin = TestCluster.admin();
                // small, so that who is slow is overtaken
                KafkaOutcomeFeed one = new KafkaOutcomeFeed(topics, TestCluster.clients(), admin, LONG, 40);
                KafkaOutcomeFeed other = new KafkaOutcomeFeed(topics, TestCluster.clients(), admin, LONG, 400);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
            one.start();
            other.start();
            producer.initTransactions();
            List<Subscriber> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(new Subscriber(random, List.of(one, other)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                append(producer, random, round);
                readers.forEach(Subscriber::live);
            }
            List<ConsumerRecord<byte[], byte[]>> all = TestCluster.read(topics.events());
            for (Subscriber reader : readers) {
                reader.finish(all);
            }
        }
    }

    private void append(KafkaProducer<byte[], byte[]> producer, Random random, int round) {
        producer.beginTransaction();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            String user = "user-" + random.nextInt(USERS);
            OutcomeEvent event = random.nextBoolean()
                    ? new IdentityProvisioned(user, "8:acs:x")
                    : new IdentitySuspended(user, "8:acs:x");
            Outcome outcome = new Outcome(round + "-" + i, Instant.EPOCH, event, null, null);
            var unused = producer.send(OutcomeCodec.encode(topics.events().name(), outcome));
        }
        if (random.nextInt(4) == 0) {
            producer.flush();
            producer.abortTransaction();
        } else {
            producer.commitTransaction();
        }
    }

    /** One who reads a little now and then, and goes away and comes back, mostly elsewhere. */
    private final class Subscriber {

        private final Random random;
        private final List<KafkaOutcomeFeed> instances;
        private final Wanted wanted;
        private final int appetite;
        private final List<Item> told = new ArrayList<>();
        private @Nullable FeedPosition start;
        private @Nullable FeedPosition last;
        private OutcomeFeed.Reader reader;

        Subscriber(Random random, List<KafkaOutcomeFeed> instances) {
            this.random = random;
            this.instances = instances;
            this.wanted = wanted(random);
            this.appetite = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(40);
            if (random.nextBoolean()) {
                start = beginning();
                last = start;
            }
            this.reader = open();
        }

        private OutcomeFeed.Reader open() {
            return instances.get(random.nextInt(instances.size())).open(last, wanted, () -> {});
        }

        void live() {
            if (random.nextInt(3) > 0) {
                reader.read(random.nextInt(appetite + 1), this::take);
            }
            if (random.nextInt(6) == 0) {
                if (random.nextBoolean()) { // as a heartbeat tells it
                    FeedPosition position = reader.position();
                    last = start == null ? last : position;
                }
                reader.close();
                reader = open();
            }
        }

        private void take(Item item) {
            assertThat(item).isNotInstanceOf(Item.Gap.class);
            start = start == null ? item.position() : start;
            last = item.position();
            if (item instanceof Announced) {
                told.add(item);
            }
        }

        void finish(List<ConsumerRecord<byte[], byte[]>> all) {
            await().atMost(LONG).until(() -> {
                reader.read(1_000, this::take);
                return start != null;
            });
            List<String> due = due(all);
            await().atMost(LONG).until(() -> {
                reader.read(1_000, this::take);
                return told.size() >= due.size();
            });
            reader.read(1_000, this::take);
            reader.close();
            assertThat(ids()).containsExactlyInAnyOrderElementsOf(due);
            for (int user = 0; user < USERS; user++) {
                String one = "user-" + user;
                assertThat(idsOf(one)).as(one).isEqualTo(dueTo(all, one));
            }
        }

        private List<String> ids() {
            return told.stream().map(item -> ((Announced) item).outcome().id()).toList();
        }

        private List<String> idsOf(String user) {
            return told.stream()
                    .map(item -> ((Announced) item).outcome())
                    .filter(outcome -> outcome.event().userId().equals(user))
                    .map(Outcome::id)
                    .toList();
        }

        private List<String> due(List<ConsumerRecord<byte[], byte[]>> all) {
            Map<Integer, Long> from = start == null ? Map.of() : start.next();
            return all.stream()
                    .filter(record -> from.containsKey(record.partition())
                            && record.offset() >= from.getOrDefault(record.partition(), 0L))
                    .map(record -> OutcomeCodec.decode(record).orElseThrow())
                    .filter(outcome -> wanted.isOfUser(outcome.event().userId())
                            && wanted.isOfType(outcome.event().type()))
                    .map(Outcome::id)
                    .toList();
        }

        private List<String> dueTo(List<ConsumerRecord<byte[], byte[]>> all, String user) {
            return due(all.stream()
                    .filter(record -> new String(record.key(), UTF_8).equals(user))
                    .toList());
        }
    }

    private FeedPosition beginning() {
        return new FeedPosition(topics.events().id(), TestCluster.PARTITIONS, Map.of(0, 0L, 1, 0L, 2, 0L));
    }

    private static Wanted wanted(Random random) {
        int count = random.nextInt(4);
        Set<String> users = random.ints(count, 0, USERS)
                .mapToObj(user -> "user-" + user)
                .collect(Collectors.toCollection(HashSet::new));
        Set<String> types = random.nextInt(3) == 0 ? Set.of(IdentitySuspended.TYPE) : Set.of();
        return new Wanted(users, types);
    }
}
