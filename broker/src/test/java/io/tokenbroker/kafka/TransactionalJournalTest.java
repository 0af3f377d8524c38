package io.tokenbroker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.CreateIntent;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.pipeline.PartitionJournal;
import io.tokenbroker.pipeline.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class TransactionalJournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final UserId ALICE = new UserId("alice");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final String group = "journal-" + UUID.randomUUID();
    private final KafkaClients clients =
            new KafkaClients(new KafkaSettings(TestCluster.bootstrapServers(), Map.of(), group));
    private final DirectoryView directory = new DirectoryView();
    private final CreateIntents intents = new CreateIntents();
    private final AtomicReference<ConsumerGroupMetadata> membership = new AtomicReference<>(member());
    private final TopicFacts topics = TestCluster.prepared();
    private final int partition = topics.partitioning().of(ALICE);
    private final TransactionalJournal journal = open();

    @BeforeEach
    void own() {
        StepVerifier.create(journal.init()).expectComplete().verify(PATIENCE);
    }

    @AfterEach
    void letGo() {
        journal.close().block(PATIENCE);
    }

    @Test
    void entryOutcomeIntentAndOffsetAreThereTogetherAndTheViewHasThemAtOnce() {
        CreateIntent begun = CreateIntent.none(ALICE).begin("attempt", NOON);

        commit(transaction(7, List.of(begun)));

        assertThat(TestCluster.read(topics.directory())).hasSize(1);
        assertThat(TestCluster.read(topics.events()))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.key(), UTF_8)).isEqualTo("alice"));
        assertThat(committedOffset()).contains(7L);
        assertThat(directory.find(ALICE)).isPresent();
        assertThat(intents.of(ALICE)).isEqualTo(begun);
    }

    @Test
    void anEmptyIntentIsATombstone() {
        commit(transaction(1, List.of(CreateIntent.none(ALICE).begin("attempt", NOON))));
        commit(transaction(2, List.of(CreateIntent.none(ALICE))));

        assertThat(TestCluster.read(topics.createIntents()).getLast().value()).isNull();
        assertThat(intents.of(ALICE).isEmpty()).isTrue();
    }

    @Test
    void theNextOwnerFencesThisOneAndNothingOfItsTransactionIsEverSeen() {
        commit(transaction(1, List.of()));
        TransactionalJournal next = open();
        StepVerifier.create(next.init()).expectComplete().verify(PATIENCE);

        StepVerifier.create(journal.commit(transaction(2, List.of())))
                .expectError(PartitionJournal.OwnershipLost.class)
                .verify(PATIENCE);

        assertThat(committedOffset()).contains(1L);
        assertThat(TestCluster.read(topics.directory())).hasSize(1);
        next.close().block(PATIENCE);
    }

    @Test
    void aTransactionThatTheGroupRefusesIsSentAgainUntilItIsAccepted() {
        membership.set(stranger());
        var committed = journal.commit(transaction(3, List.of())).toFuture();
        await().during(Duration.ofMillis(300))
                .until(() -> !committed.isDone()
                        && TestCluster.read(topics.directory()).isEmpty());

        membership.set(member());

        assertThat(committed).succeedsWithin(PATIENCE);
        assertThat(TestCluster.read(topics.directory())).hasSize(1);
        assertThat(committedOffset()).contains(3L);
    }

    @Test
    void aJournalThatIsGivenUpStopsTrying() {
        membership.set(stranger());
        var committed = journal.commit(transaction(3, List.of())).toFuture();

        journal.close().block(PATIENCE);

        assertThat(committed).failsWithin(PATIENCE);
        assertThat(TestCluster.read(topics.directory())).isEmpty();
    }

    @SuppressWarnings("removal") // the client has no other way to make one by hand
    private ConsumerGroupMetadata member() {
        return new ConsumerGroupMetadata(group);
    }

    /** Of a generation that never was. */
    @SuppressWarnings("removal") // the client has no other way to make one by hand
    private ConsumerGroupMetadata stranger() {
        return new ConsumerGroupMetadata(group, 41, "nobody", Optional.empty());
    }

    private TransactionalJournal open() {
        return new TransactionalJournal(
                new TopicPartition(topics.lifecycle().name(), partition),
                clients,
                new TransactionRecords(topics),
                topics.partitioning(),
                membership::get,
                directory,
                intents);
    }

    private void commit(Transaction transaction) {
        StepVerifier.create(journal.commit(transaction)).expectComplete().verify(PATIENCE);
    }

    private static Transaction transaction(long watermark, List<CreateIntent> intents) {
        Outcome outcome = new Outcome(
                UUID.randomUUID().toString(), NOON, new IdentityProvisioned("alice", "8:acs:x_y"), null, null);
        return new Transaction(
                List.of(DirectoryEntry.unknown(ALICE)),
                List.of(),
                intents,
                List.of(outcome),
                List.of(),
                List.of(),
                watermark);
    }

    private Optional<Long> committedOffset() {
        try (var admin = TestCluster.admin()) {
            return Optional.ofNullable(admin.listConsumerGroupOffsets(
                                    group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(topics.lifecycle().name(), partition)))
                    .map(OffsetAndMetadata::offset);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
