package io.tokenbroker.kafka;

import io.tokenbroker.directory.ConfirmedDirectory;
import io.tokenbroker.directory.DirectoryEntry;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.directory.RecentDirectory;
import io.tokenbroker.directory.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** The directory's view together with how far Kafka says the directory reaches. */
final class KafkaDirectory implements ConfirmedDirectory, RecentDirectory {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TopicFacts topics;
    private final EndOffsets ends;
    private final ViewProgress progress;
    private final DirectoryView view;
    private final DirectoryTail tail;
    private final Clock clock;

    /** When Kafka was last asked how far everything reaches and the view got there. */
    private volatile Instant confirmedOn = Instant.MIN;

    KafkaDirectory(
            TopicFacts topics,
            EndOffsets ends,
            ViewProgress progress,
            DirectoryView view,
            DirectoryTail tail,
            Clock clock) {
        this.topics = topics;
        this.ends = ends;
        this.progress = progress;
        this.view = view;
        this.tail = tail;
        this.clock = clock;
    }

    @Override
    public Mono<Optional<DirectoryEntry>> confirmed(UserId userId) {
        int partition = topics.partitioning().of(userId);
        return caughtUp(List.of(new TopicPartition(topics.directory().name(), partition)))
                .then(Mono.fromCallable(() -> {
                    tail.unreadableIn(partition).ifPresent(why -> {
                        throw new Unconfirmed(why);
                    });
                    return view.find(userId);
                }))
                .timeout(PATIENCE)
                .onErrorMap(error -> new Unconfirmed("the directory is not known to be up to date: " + error));
    }

    @Override
    public Optional<DirectoryEntry> recent(UserId userId) {
        Instant now = clock.instant();
        Instant confirmed = confirmedOn;
        // after a clock was set back nothing is known until Kafka is asked again
        boolean known = confirmed.isAfter(now.minus(MAX_AGE))
                && !confirmed.isAfter(now)
                && tail.unreadableIn(topics.partitioning().of(userId)).isEmpty();
        return known ? view.find(userId) : Optional.empty();
    }

    /**
     * Completes when everything that is committed for the users of this input partition is in the views. To be asked
     * after the former owner was fenced: asked earlier it may miss a commit of theirs.
     */
    Mono<Void> restored(int partition) {
        return caughtUp(List.of(
                new TopicPartition(topics.directory().name(), partition),
                new TopicPartition(topics.createIntents().name(), partition)));
    }

    /**
     * Completes when everything that was committed for anybody before the question is in the views.
     *
     * @param answered run as soon as Kafka has said how far that is
     */
    Mono<Void> caughtUp(Runnable answered) {
        return Mono.defer(() -> {
            Instant asked = clock.instant();
            return ends.of(ViewProgress.partitions(topics))
                    .doOnNext(targets -> answered.run())
                    .flatMap(progress::whenReached)
                    .doOnSuccess(nothing -> confirmedOn = asked);
        });
    }

    private Mono<Void> caughtUp(List<TopicPartition> partitions) {
        return ends.of(partitions).flatMap(progress::whenReached);
    }
}
