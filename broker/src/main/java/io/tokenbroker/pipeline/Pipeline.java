package io.tokenbroker.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tokenbroker.directory.CreateIntents;
import io.tokenbroker.directory.DirectoryView;
import io.tokenbroker.lifecycle.Rules;
import io.tokenbroker.outcomes.OutcomeIds;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Applies the input log: in order for each user, concurrently across users, effectively once. Whoever reads the log
 * tells it which partitions are owned and hands it their records; it never blocks the caller.
 *
 * <p>Guarantees: a record's effect, its outcomes and the offset that passes it are committed together; what a
 * user loses is durable before ACS is asked; and nothing of a partition is committed after it was given back or lost.
 */
public final class Pipeline {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final PipelineContext context;
    private final Map<Integer, PartitionSession> sessions = new ConcurrentHashMap<>();

    public Pipeline(
            Rules rules,
            DirectoryView directory,
            CreateIntents intents,
            IdentityCalls calls,
            PipelineSettings settings,
            MeterRegistry registry,
            Clock clock,
            Scheduler scheduler) {
        Admission admission = new Admission(settings.maxAdmitted());
        context = new PipelineContext(
                rules,
                directory,
                intents,
                calls,
                settings,
                admission,
                new OutcomeIds(),
                new PipelineMetrics(registry),
                clock,
                scheduler);
        Gauge.builder("tokenbroker.pipeline.admitted", admission, Admission::inside)
                .description("Records taken in and not yet done; a large record counts for several")
                .register(registry);
        Gauge.builder("tokenbroker.directory.users", directory, DirectoryView::size)
                .description("Users of whom the view has an entry, those deleted of late included")
                .register(registry);
        Gauge.builder("tokenbroker.pipeline.partitions", sessions, Map::size)
                .description("Input partitions this instance owns")
                .register(registry);
        Gauge.builder("tokenbroker.pipeline.possible.orphans", intents, CreateIntents::attempts)
                .description("Creates begun whose end is not committed, by all instances")
                .register(registry);
    }

    /** The bound on what is inside, by which the reader of the log asks for records. */
    public Admission admission() {
        return context.admission();
    }

    /**
     * A partition is owned from now on.
     *
     * @param start offset of the first record that will come
     * @param restored completes when the directory holds everything any former owner committed
     * @param onFailure told once when the partition has to be read anew, which ends it here
     */
    public OwnedPartition assign(
            int partition, PartitionJournal journal, long start, Mono<Void> restored, Consumer<Throwable> onFailure) {
        PartitionSession session = new PartitionSession(context, journal, start, error -> {
            log.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("cause", error.toString())
                    .log("partition given up");
            onFailure.accept(error);
        });
        PartitionSession former = sessions.put(partition, session);
        if (former != null) {
            former.lose();
        }
        session.openAfter(restored);
        return new OwnedPartition() {
            @Override
            public void accept(Arrival arrival) {
                session.accept(arrival);
            }

            @Override
            public Mono<Void> revoke() {
                sessions.remove(partition, session);
                return session.drain();
            }

            @Override
            public void lose() {
                sessions.remove(partition, session);
                session.lose();
            }
        };
    }

    /** Ends the entries of users who were deleted before {@code limit}, in the partitions owned. */
    public void forgetDeletedBefore(Instant limit) {
        sessions.values().forEach(session -> session.forgetDeletedBefore(limit));
    }
}
