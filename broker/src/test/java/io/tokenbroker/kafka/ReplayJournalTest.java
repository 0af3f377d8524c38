package io.tokenbroker.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenbroker.replay.Job;
import io.tokenbroker.replay.JobBook;
import io.tokenbroker.replay.JobJournal;
import io.tokenbroker.replay.JobState;
import io.tokenbroker.replay.Mode;
import io.tokenbroker.replay.ReplayRequest;
import io.tokenbroker.replay.ScanRange;
import io.tokenbroker.replay.UserFilter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The journal of replays while Kafka is away, over Kafka's own producer in memory. */
class ReplayJournalTest {

    private static final TopicFacts.Topic ANY = new TopicFacts.Topic("any", "id", 1);
    private static final Job JOB = job();

    private final Producer producer = new Producer();
    private final ReplayJournal journal =
            new ReplayJournal(producer, new TopicFacts(ANY, ANY, ANY, ANY, ANY, ANY), new JobBook(), Clock.systemUTC());

    ReplayJournalTest() {
        journal.init();
    }

    private static Job job() {
        ReplayRequest request = new ReplayRequest(
                "job-1",
                Mode.PROVISION,
                new ScanRange("id", List.of()),
                UserFilter.EVERYBODY,
                null,
                false,
                false,
                false,
                "admin",
                Instant.EPOCH);
        return new Job(request, JobState.SCANNING, null, null, null, null, List.of());
    }

    /** One commit fails, and after it some attempts to abort are not answered. */
    private static final class Producer extends MockProducer<byte[], byte[]> {
        private boolean failing;
        private int unanswered;

        Producer() {
            super(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
        }

        void failOnce(int abortsUnanswered) {
            failing = true;
            unanswered = abortsUnanswered;
        }

        @Override
        public void commitTransaction() {
            if (failing) {
                failing = false;
                throw new KafkaException("a record was not sent", new TimeoutException("expired"));
            }
            super.commitTransaction();
        }

        @Override
        public void abortTransaction() {
            if (unanswered-- > 0) {
                throw new TimeoutException("no answer");
            }
            super.abortTransaction();
        }
    }

    @Test
    void whatWasNotSentIsSentAgainOnceKafkaHasAnsweredThatItIsAborted() {
        producer.failOnce(3);

        journal.commit(JOB, List.of());

        assertThat(producer.history()).hasSize(1);
        assertThat(journal.isSpent()).isFalse();
    }

    @Test
    void whereKafkaNeverAnswersItIsSpent() {
        producer.failOnce(Integer.MAX_VALUE);

        assertThatThrownBy(() -> journal.commit(JOB, List.of())).isInstanceOf(JobJournal.NoLongerOwner.class);

        assertThat(journal.isSpent()).isTrue();
    }

    @Test
    void whereAnotherProducerHasTakenOverItIsSpent() {
        producer.fenceProducer();

        assertThatThrownBy(() -> journal.commit(JOB, List.of()))
                .isInstanceOf(JobJournal.NoLongerOwner.class)
                .hasCauseInstanceOf(ProducerFencedException.class);

        assertThat(journal.isSpent()).isTrue();
    }
}
