package io.tokenbroker.kafka;

import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The {@code token-events} topic for any number of readers, read by two consumers however many there are: one at the
 * end, and one, while it is needed, for those who are behind.
 */
final class KafkaOutcomeFeed implements OutcomeFeed, AutoCloseable {

    /** How often it is looked whether the topic is still the same. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(KafkaOutcomeFeed.class);
    private static final int RECORDS = 8_192;
    private static final long ROOM = 8 * 1024 * 1024;
    private static final int PAGES = 64;
    private static final Duration SOON = Duration.ofMillis(500);

    private final Scheduler scheduler = Schedulers.parallel();
    private final FeedAudience audience = new FeedAudience();
    private final FeedExtents extents;
    private final FeedPages pages = new FeedPages(PAGES);
    private final FeedTail tail;
    private final FeedPageLoader loader;
    private volatile @Nullable FeedRing ring;

    KafkaOutcomeFeed(TopicFacts topics, KafkaClients clients, Admin admin, Duration lookEvery) {
        this(topics, clients, admin, lookEvery, RECORDS);
    }

    /** @param records how many are kept in memory for those who come back soon */
    KafkaOutcomeFeed(TopicFacts topics, KafkaClients clients, Admin admin, Duration lookEvery, int records) {
        String topic = topics.events().name();
        this.extents = new FeedExtents(admin, topic);
        this.tail = new FeedTail(clients.consumer("outcome-tail"), topic, this, lookEvery, records, ROOM);
        this.loader = new FeedPageLoader(clients.consumer("outcome-pages"), topic, pages, this::callAll);
    }

    void start() {
        OutcomeCodec.prepare();
        tail.start();
        loader.start();
    }

    @Override
    public Reader open(@Nullable FeedPosition after, Wanted wanted, Runnable more) {
        FeedReader reader = new FeedReader(this, after, wanted, more);
        audience.add(reader, wanted);
        return reader;
    }

    void closed(FeedReader reader, Wanted wanted) {
        audience.remove(reader, wanted);
    }

    /** {@code null} until the end of the topic was reached for the first time. */
    @Nullable FeedRing ring() {
        return ring;
    }

    FeedPages pages() {
        return pages;
    }

    FeedExtents extents() {
        return extents;
    }

    FeedAudience audience() {
        return audience;
    }

    /** Records still to be read at the end of the topic. */
    long lag() {
        return tail.lag();
    }

    /** Pages read so far for those who are behind. */
    long pagesLoaded() {
        return pages.count();
    }

    /** From here on everybody reads in another ring. */
    void goOnIn(FeedRing other) {
        ring = other;
        List<Runnable> all = new ArrayList<>();
        audience.forEach(reader -> all.add(reader.more()));
        callAll(all);
    }

    /** Runs it soon, as the topic may be another than the one that is read. */
    void lookAgain(Runnable more) {
        tail.lookNow();
        try {
            scheduler.schedule(more, SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("shutting down");
        }
    }

    void call(Runnable more) {
        callAll(List.of(more));
    }

    /** Runs them where work is done that does not block, a share on each processor; never on a thread of Kafka's. */
    void callAll(List<Runnable> called) {
        int shares = Math.min(called.size(), Runtime.getRuntime().availableProcessors());
        for (int share = 0; share < shares; share++) {
            int from = (int) ((long) called.size() * share / shares);
            int to = (int) ((long) called.size() * (share + 1) / shares);
            List<Runnable> part = called.subList(from, to);
            try {
                scheduler.schedule(() -> part.forEach(KafkaOutcomeFeed::run));
            } catch (RejectedExecutionException e) {
                log.debug("shutting down");
            }
        }
    }

    private static void run(Runnable more) {
        try {
            more.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a reader of outcomes failed");
        }
    }

    @Override
    public void close() {
        loader.close();
        tail.close();
    }
}
