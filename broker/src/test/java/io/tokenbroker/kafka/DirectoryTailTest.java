package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectoryTailTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final UserId ALICE = new UserId("alice");
    private static final UserId BOB = new UserId("bob");

    private final Arbitrary any = Arbitrary.seeded();
    private final TopicFacts topics = TestCluster.prepared();
    private final DirectoryView view = new DirectoryView();
    private final ViewProgress progress = new ViewProgress();
    private final Admin admin = TestCluster.admin();
    private final DirectoryTail tail =
            new DirectoryTail(TestCluster.clients().consumer("tail"), topics, view, new CreateIntents(), progress);

    @AfterEach
    void stop() {
        tail.close();
        admin.close();
    }

    @Test
    void theViewIsRestoredToTheLatestOfEachUserAndWithoutThoseForgotten() {
        Map<UserId, DirectoryEntry> latest = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            UserId user = new UserId("user-" + any.below(100));
            if (any.below(5) == 0) {
                write(user, null);
                latest.remove(user);
            } else {
                DirectoryEntry entry = any.entryOf(user);
                write(user, EntryCodec.encode(entry));
                latest.put(user, entry);
            }
        }

        restore();

        assertThat(view.entriesAfter(null)).containsExactlyInAnyOrderElementsOf(latest.values());
    }

    @Test
    void whatThisInstanceCommittedItselfIsNotReadAgainAndWhatOthersCommittedAfterItIs() {
        DirectoryEntry own = any.entryOf(ALICE);
        DirectoryEntry others = any.entryOf(BOB);
        DirectoryEntry later = any.entryOf(ALICE);
        view.apply(ALICE, write(ALICE, EntryCodec.encode(own)), own);
        write(BOB, EntryCodec.encode(others));
        write(ALICE, EntryCodec.encode(later));

        restore();

        assertThat(view.find(ALICE)).contains(later);
        assertThat(view.find(BOB)).contains(others);
    }

    @Test
    void anEntryUnderAnotherUsersKeyIsRefusedAndItsPartitionLeftAlone() {
        write(ALICE, EntryCodec.encode(any.entryOf(BOB)));

        restore();

        assertThat(tail.unreadableIn(partition(ALICE)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("another user"));
        assertThat(view.size()).isZero();
    }

    @Test
    void itGoesOnAfterAFaultThatIsNotKafkas() {
        DirectoryEntry entry = any.entryOf(BOB);
        TopicPartition alices = new TopicPartition(topics.directory().name(), partition(ALICE));
        progress.whenReached(Map.of(alices, 1L)).subscribe(new Thrower());
        write(ALICE, EntryCodec.encode(any.entryOf(ALICE)));
        tail.start();
        await().atMost(PATIENCE).until(() -> view.find(ALICE).isPresent());

        write(BOB, EntryCodec.encode(entry));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(view.find(BOB)).contains(entry));
    }

    private long write(UserId key, byte @Nullable [] value) {
        return TestCluster.write(new ProducerRecord<>(topics.directory().name(), partition(key), key.utf8(), value))
                .offset();
    }

    private int partition(UserId user) {
        return topics.partitioning().of(user);
    }

    private void restore() {
        tail.start();
        new KafkaDirectory(topics, new EndOffsets(admin, PATIENCE), progress, view, tail, Clock.systemUTC())
                .caughtUp(() -> {})
                .block(PATIENCE);
    }
}
