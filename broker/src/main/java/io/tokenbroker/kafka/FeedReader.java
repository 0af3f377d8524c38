package io.tokenbroker.kafka;

import io.tokenbroker.kafka.FeedPage.Place;
import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import io.tokenbroker.outcomes.Wanted;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the feed. It finds out where to begin, takes from the ring what it wants, and from pages what lies
 * before that. It keeps its place and nothing else.
 */
final class FeedReader implements OutcomeFeed.Reader {

    private static final Logger log = LoggerFactory.getLogger(FeedReader.class);

    private final KafkaOutcomeFeed feed;
    private final Wanted wanted;
    private final Runnable more;
    private final Queue<Item> told = new ArrayDeque<>(1);
    private @Nullable FeedPosition after;
    private boolean begun;
    private volatile boolean closed;
    private @Nullable CompletableFuture<FeedStart.Extent> asked;
    private @Nullable FeedPlace place;
    private @Nullable FeedPage page;

    /** The partition whose turn it is to be read from pages. */
    private int turn;

    FeedReader(KafkaOutcomeFeed feed, @Nullable FeedPosition after, Wanted wanted, Runnable more) {
        this.feed = feed;
        this.after = after;
        this.wanted = wanted;
        this.more = more;
    }

    Runnable more() {
        return more;
    }

    /** As {@link FeedPlace#call}. */
    boolean call(FeedRing caller, long arrived, long[] before) {
        FeedPlace current = place;
        return current != null && current.call(caller, arrived, before);
    }

    @Override
    public int read(int most, Consumer<? super Item> to) {
        int count = 0;
        while (count < most && !closed) {
            Item item = next();
            if (item == null) {
                break;
            }
            to.accept(item);
            count++;
        }
        page = null; // a slow reader keeps nothing
        return count;
    }

    private @Nullable Item next() {
        while (true) {
            Item first = told.poll();
            if (first != null) {
                return first;
            }
            FeedRing now = feed.ring();
            FeedPlace current = place;
            if (now == null || ((current == null || now != current.ring()) && !begin(now))) {
                return null;
            }
            current = place;
            if (current != null && told.isEmpty()) {
                Step step = current.isInRing() ? fromRing(current) : fromPages(current);
                if (step.item != null || !step.goOn) {
                    return step.item;
                }
            }
        }
    }

    /** What one look brought: something, or nothing yet where it does not go on. */
    private record Step(@Nullable Item item, boolean goOn) {
        private static final Step GO_ON = new Step(null, true);
        private static final Step WAIT = new Step(null, false);
    }

    private Step fromRing(FeedPlace current) {
        FeedRecord record = current.take();
        if (record == null) {
            return current.isInRing() ? Step.WAIT : Step.GO_ON;
        }
        return new Step(pass(current, record), true);
    }

    private Step fromPages(FeedPlace current) {
        FeedPage open = page;
        if (open == null) {
            if (current.join()) {
                return Step.GO_ON;
            }
            turn = current.behind(turn);
            open = feed.pages().find(new Place(current.ring().topic(), turn, current.next(turn)), more);
            if (open == null) {
                return Step.WAIT;
            }
            if (open.gone()) { // begins again, and says what is missing
                after = current.position();
                place = null;
                return Step.GO_ON;
            }
            page = open;
        }
        int index = open.indexOf(current.next(turn));
        if (index < open.records().size()) {
            return new Step(pass(current, open.records().get(index)), true);
        }
        current.passTo(turn, open.next());
        page = null;
        turn++;
        return Step.GO_ON;
    }

    private @Nullable Item pass(FeedPlace current, FeedRecord record) {
        if (!current.pass(record) || !wanted.isOfUser(record.user())) {
            return null;
        }
        Announced announced = record.announced();
        if (announced == null || !wanted.isOfType(announced.outcome().event().type())) {
            return null;
        }
        if (current.isOfOnePartition()) {
            return announced;
        }
        boolean shared = current.isLevel() && wanted.isOfEverybody();
        return shared ? record.announcedToAll(current::position) : announced.leadingTo(current.position());
    }

    /** @return whether it has begun in this ring; if not, it is called when it is worth another look */
    private boolean begin(FeedRing now) {
        FeedPosition from = position();
        // whoever comes back is told what the log has lost meanwhile, though the ring may still have it
        FeedPosition known = from == null || !begun ? null : FeedStart.known(from, now, wanted);
        if (known != null) {
            begin(now, known, Set.of());
        } else {
            FeedStart.Extent extent = extent();
            if (extent == null) {
                return false;
            }
            if (!extent.topic().equals(now.topic())) {
                feed.lookAgain(more);
                return false;
            }
            FeedStart start = FeedStart.of(from, extent, wanted);
            begin(now, start.position(), start.gaps());
        }
        begun = true;
        return true;
    }

    private void begin(FeedRing now, FeedPosition start, Set<Reason> gaps) {
        place = new FeedPlace(now, start);
        after = null;
        asked = null;
        page = null;
        gaps.forEach(reason -> told.add(new Item.Gap(start, reason)));
        if (!begun && gaps.isEmpty()) {
            told.add(new Item.Started(start));
        }
    }

    /** What Kafka says, once it has. */
    private FeedStart.@Nullable Extent extent() {
        CompletableFuture<FeedStart.Extent> answer = asked;
        if (answer == null) {
            answer = feed.extents().now();
            asked = answer;
            var unused = answer.whenComplete((extent, fault) -> feed.call(more));
        }
        if (!answer.isDone()) {
            return null;
        }
        asked = null;
        try {
            return answer.join();
        } catch (CompletionException e) {
            log.atDebug().setCause(e).log("Kafka does not say what there is of outcomes");
            feed.lookAgain(more);
            return null;
        }
    }

    @Override
    public @Nullable FeedPosition position() {
        FeedPlace current = place;
        return current == null ? after : current.positionWhereItWaits();
    }

    @Override
    public void close() {
        closed = true;
        feed.closed(this, wanted);
    }
}
