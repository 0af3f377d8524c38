package io.tokenbroker.http;

import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.Announced;
import io.tokenbroker.outcomes.FeedPosition;
import io.tokenbroker.outcomes.Outcome;
import io.tokenbroker.outcomes.OutcomeFeed;
import io.tokenbroker.outcomes.Wanted;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The outcome log in memory: one partition, everything kept, until it is emptied as by retention. */
final class InMemoryOutcomeFeed implements OutcomeFeed {

    static final String TOPIC = "outcomes";

    private final List<Announced> log = new ArrayList<>();
    private final Set<Place> readers = ConcurrentHashMap.newKeySet();
    private int first;

    void announce(OutcomeEvent event) {
        synchronized (log) {
            int end = log.size();
            Outcome outcome = new Outcome("outcome-" + end, Instant.EPOCH.plusSeconds(end), event, null, null);
            log.add(new Announced(outcome, at(end + 1)));
        }
        readers.forEach(reader -> reader.more.run());
    }

    /** What there is so far is too old to be kept. */
    void forget() {
        synchronized (log) {
            first = log.size();
        }
    }

    /** How many read at present. */
    int readers() {
        return readers.size();
    }

    @Override
    public Reader open(@Nullable FeedPosition after, Wanted wanted, Runnable more) {
        synchronized (log) {
            Place place = new Place(after, wanted, more);
            readers.add(place);
            return place;
        }
    }

    static FeedPosition at(long next) {
        return new FeedPosition(TOPIC, 1, Map.of(0, next));
    }

    private final class Place implements Reader {

        private final Wanted wanted;
        private final Runnable more;
        private final Queue<Item> told = new ArrayDeque<>();
        private int next;

        Place(@Nullable FeedPosition after, Wanted wanted, Runnable more) {
            this.wanted = wanted;
            this.more = more;
            int end = log.size();
            long asked = after == null ? end : after.next().getOrDefault(0, (long) end + 1);
            Reason reason = null;
            if (after != null && !after.topicId().equals(TOPIC)) {
                reason = Reason.TOPIC;
                asked = first;
            } else if (asked > end) {
                reason = Reason.POSITION;
                asked = end;
            } else if (asked < first) {
                reason = Reason.RETENTION;
                asked = first;
            }
            next = (int) asked;
            told.add(reason == null ? new Item.Started(at(next)) : new Item.Gap(at(next), reason));
        }

        @Override
        public int read(int most, Consumer<? super Item> to) {
            int count = 0;
            while (count < most) {
                Item item = next();
                if (item == null) {
                    break;
                }
                to.accept(item);
                count++;
            }
            return count;
        }

        private @Nullable Item next() {
            synchronized (log) {
                Item item = told.poll();
                while (item == null && next < log.size()) {
                    Announced announced = log.get(next++);
                    OutcomeEvent event = announced.outcome().event();
                    item = wanted.isOfUser(event.userId()) && wanted.isOfType(event.type()) ? announced : null;
                }
                return item;
            }
        }

        @Override
        public FeedPosition position() {
            return at(next);
        }

        @Override
        public void close() {
            readers.remove(this);
        }
    }
}
