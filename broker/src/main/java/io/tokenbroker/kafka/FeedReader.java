package io.tokenbroker.kafka;

import io.tokenbroker.kafka.FeedPage.Place;
import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.Wanted;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's place: where it is in each partition it follows, and, once that is near enough to the end, in the ring.
 * What lies before the ring it reads from pages. The fields of waiting are the ring's to guard.
 */
final class FeedReader implements OutcomeFeed.Reader {

    private static final Logger log = LoggerFactory.getLogger(FeedReader.class);
    private static final long BEHIND = -1;

    private final KafkaOutcomeFeed feed;
    private final Wanted wanted;
    private final Runnable more;
    private final Queue<Item> told = new ArrayDeque<>(1);
    private @Nullable FeedPosition after;
    private boolean begun;
    private volatile boolean closed;
    private @Nullable CompletableFuture<FeedStart.Extent> asked;
    private @Nullable FeedRing ring;
    private @Nullable FeedPage page;

    /** Per partition the next offset; below zero where it is not followed. */
    private long[] next = {};

    private int followed;
    private int turn;

    /** Where it is in the ring. */
    private long number = BEHIND;

    /** Whether it was at the end of the ring since it came there: the place of all who follow everything is one then. */
    private boolean level;

    /** The ring at whose end it waits. */
    private @Nullable FeedRing parkedIn;

    private long calledFor = BEHIND;
    private long[] calledFrom = {};

    FeedReader(KafkaOutcomeFeed feed, @Nullable FeedPosition after, Wanted wanted, Runnable more) {
        this.feed = feed;
        this.after = after;
        this.wanted = wanted;
        this.more = more;
    }

    Runnable more() {
        return more;
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
            if (now == null || (now != ring && !begin(now))) {
                return null;
            }
            if (!told.isEmpty()) {
                continue;
            }
            Step step = number == BEHIND ? fromPages(now) : fromRing(now);
            if (step.item != null || !step.goOn) {
                return step.item;
            }
        }
    }

    /** What one look brought: something, nothing yet, or nothing for good. */
    private record Step(@Nullable Item item, boolean goOn) {
        private static final Step GO_ON = new Step(null, true);
        private static final Step WAIT = new Step(null, false);
    }

    private Step fromRing(FeedRing now) {
        if (parkedIn != null && !now.leave(this)) {
            return Step.WAIT;
        }
        FeedRecord record = now.at(number);
        if (record == null) {
            if (number >= now.newest()) {
                return now.park(this, number) ? Step.WAIT : Step.GO_ON;
            }
            number = BEHIND; // it was overtaken
            level = false;
            return Step.GO_ON;
        }
        number++;
        return new Step(pass(record), true);
    }

    private Step fromPages(FeedRing now) {
        FeedPage current = page;
        if (current == null) {
            number = now.join(next);
            if (number != BEHIND) {
                return Step.GO_ON;
            }
            turn = behind(now);
            current = feed.pages().find(new Place(now.topic(), turn, next[turn]), more);
            if (current == null) {
                return Step.WAIT;
            }
            if (current.gone()) { // begins again, and says what is missing
                after = position();
                ring = null;
                return Step.GO_ON;
            }
            page = current;
        }
        int index = current.indexOf(next[turn]);
        if (index == current.records().size()) {
            next[turn] = Math.max(next[turn], current.next());
            page = null;
            turn++;
            return Step.GO_ON;
        }
        return new Step(pass(current.records().get(index)), true);
    }

    /** A partition that is not in the ring from here on, each in its turn. */
    private int behind(FeedRing now) {
        for (int i = 0; i < next.length; i++) {
            int partition = (turn + i) % next.length;
            if (next[partition] >= 0 && !now.reaches(partition, next[partition])) {
                return partition;
            }
        }
        return Math.floorMod(turn, next.length);
    }

    private @Nullable Item pass(FeedRecord record) {
        int partition = record.partition();
        if (next[partition] < 0 || record.offset() < next[partition]) {
            return null;
        }
        next[partition] = record.offset() + 1;
        Announced announced = wanted.isOfUser(record.user()) ? record.announced() : null;
        if (announced == null || !wanted.isOfType(announced.outcome().event().type())) {
            return null;
        }
        if (followed == 1) {
            return announced;
        }
        boolean shared = level && wanted.isOfEverybody() && number != BEHIND;
        return shared ? record.announcedToAll(this::here) : announced.leadingTo(here());
    }

    /** @return whether it has begun in this ring; if not, it is called when it is worth another look */
    private boolean begin(FeedRing now) {
        FeedPosition from = ring == null ? after : position();
        FeedPosition known = from == null ? null : FeedStart.known(from, now, wanted);
        if (known != null) {
            begin(now, known);
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
            begin(now, start.position());
            start.gaps().forEach(reason -> told.add(new Item.Gap(start.position(), reason)));
        }
        if (!begun && told.isEmpty()) {
            told.add(new Item.Started(here()));
        }
        begun = true;
        return true;
    }

    private void begin(FeedRing now, FeedPosition start) {
        ring = now;
        after = null;
        asked = null;
        page = null;
        next = new long[now.topic().partitions()];
        Arrays.fill(next, BEHIND);
        start.next().forEach((partition, offset) -> next[partition] = offset);
        followed = start.next().size();
        parkedIn = null;
        level = false;
        number = now.join(next);
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
        FeedRing current = ring;
        if (current == null) {
            return after;
        }
        current.pass(this);
        return here();
    }

    private FeedPosition here() {
        Map<Integer, Long> offsets = HashMap.newHashMap(followed);
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0) {
                offsets.put(partition, next[partition]);
            }
        }
        FeedTopic topic = ring == null ? new FeedTopic("", 1) : ring.topic();
        return new FeedPosition(topic.id(), topic.partitions(), offsets);
    }

    /** Waits; the ring holds its lock. */
    void parked(FeedRing at, long[] end) {
        parkedIn = at;
        calledFor = BEHIND;
        level = true;
        for (int partition = 0; partition < next.length; partition++) {
            level &= next[partition] <= end[partition];
        }
    }

    /** @return whether it waited there and was not called yet; the ring holds its lock */
    boolean call(FeedRing at, long arrived, long[] before) {
        if (parkedIn != at || calledFor != BEHIND) {
            return false;
        }
        calledFor = arrived;
        calledFrom = before;
        return true;
    }

    /** The ring holds its lock. */
    boolean leave() {
        if (calledFor == BEHIND) {
            return false;
        }
        number = calledFor;
        raise(calledFrom);
        calledFrom = new long[] {};
        parkedIn = null;
        return true;
    }

    /** The ring holds its lock. */
    void pass(long[] end) {
        if (parkedIn != null) {
            raise(calledFor == BEHIND ? end : calledFrom);
        }
    }

    private void raise(long[] to) {
        for (int partition = 0; partition < next.length; partition++) {
            if (next[partition] >= 0) {
                next[partition] = Math.max(next[partition], to[partition]);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        feed.closed(this, wanted);
    }
}
