package io.tokenbroker.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tokenbroker.events.IdentityDeleted;
import io.tokenbroker.events.IdentityProvisioned;
import io.tokenbroker.events.OutcomeEvent;
import io.tokenbroker.outcomes.OutcomeFeed.Item;
import io.tokenbroker.outcomes.OutcomeFeed.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What every feed of outcomes holds to. */
public abstract class OutcomeFeedContract {

    protected static final Duration LONG = Duration.ofSeconds(20);

    protected abstract OutcomeFeed feed();

    /** Returns when it is committed. */
    protected abstract void announce(OutcomeEvent event);

    /** What there is so far is gone, and with it what this instance had in memory. */
    protected abstract void forget();

    @Test
    void withoutAPositionItTellsWhatComesFromNowOnAndNothingEarlier() {
        announce(0, 5);
        List<Item> items = new CopyOnWriteArrayList<>();
        var subscription = FeedFlux.of(feed(), null, Wanted.EVERYTHING).subscribe(items::add);
        await().atMost(LONG).until(() -> !items.isEmpty());
        assertThat(items).singleElement().isInstanceOf(Item.Started.class);

        announce(5, 6);

        await().atMost(LONG).until(() -> items.size() == 2);
        subscription.dispose();
        assertThat(users(items)).containsExactly("started", "user-5");
    }

    @Test
    void itGoesOnExactlyAfterAnyItem() {
        FeedPosition start = now();
        announce(0, 30);
        List<Item> all = take(start, Wanted.EVERYTHING, 31);
        assertThat(users(all.subList(1, 31))).containsExactlyInAnyOrderElementsOf(users(0, 30));

        for (int stopped : List.of(0, 7, 15, 28)) {
            List<String> both = new ArrayList<>(users(all.subList(1, stopped + 1)));
            both.addAll(users(rest(all.get(stopped).position(), Wanted.EVERYTHING, 30 - stopped)));

            assertThat(both).containsExactlyInAnyOrderElementsOf(users(0, 30));
        }
    }

    @Test
    void onlyWhatIsWantedIsToldAndWhatIsNotMovesThePosition() {
        Wanted wanted = new Wanted(Set.of("user-3", "user-8"), Set.of(IdentityProvisioned.TYPE));
        List<Item> items = new CopyOnWriteArrayList<>();
        FeedPosition start = now();
        try (OutcomeFeed.Reader reader = feed().open(start, wanted, () -> {})) {
            await().atMost(LONG).until(() -> reader.read(10, items::add) == 1);

            announce(0, 10);
            announce(new IdentityDeleted("user-3", "8:acs:x"));

            await().atMost(LONG).until(() -> {
                reader.read(10, items::add);
                return items.size() == 3;
            });
            assertThat(users(items)).containsExactlyInAnyOrder("started", "user-3", "user-8");
            Wanted deletion = new Wanted(Set.of("user-3"), Set.of(IdentityDeleted.TYPE));
            FeedPosition behindIt = take(start, deletion, 2).getLast().position();
            await("the deletion was passed").atMost(LONG).until(() -> {
                assertThat(reader.read(10, items::add)).isZero();
                return isAtLeast(reader.position(), behindIt);
            });
        }
    }

    @Test
    void noMoreIsHandedOverThanWasAskedFor() {
        FeedPosition start = now();
        announce(0, 50);

        StepVerifier.create(FeedFlux.of(feed(), start, Wanted.EVERYTHING), 3)
                .expectNextCount(3)
                .expectNoEvent(Duration.ofMillis(300))
                .thenRequest(48)
                .expectNextCount(48)
                .thenCancel()
                .verify(LONG);
    }

    @Test
    void aPositionThatIsGoneIsAGapBeforeTheRest() {
        FeedPosition start = now();
        announce(0, 30);
        forget();
        announce(30, 31);

        List<Item> items = take(start, Wanted.EVERYTHING, 2);

        assertThat(items.getFirst())
                .isInstanceOfSatisfying(
                        Item.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(Reason.RETENTION));
        assertThat(users(items)).containsExactly("gap", "user-30");
    }

    @Test
    void aPositionAheadOfTheLogOrOfAnotherTopicIsAGap() {
        FeedPosition now = now();
        Map<Integer, Long> ahead = new HashMap<>(now.next());
        ahead.replaceAll((partition, next) -> next + 1_000);

        assertThat(reason(new FeedPosition(now.topicId(), now.partitions(), ahead)))
                .isEqualTo(Reason.POSITION);
        assertThat(reason(new FeedPosition("another", now.partitions(), now.next())))
                .isEqualTo(Reason.TOPIC);
        assertThat(reason(new FeedPosition(now.topicId(), Integer.MAX_VALUE, Map.of(Integer.MAX_VALUE, 1L))))
                .isEqualTo(Reason.POSITION);
    }

    @Test
    void oneWhoReadsNothingHoldsUpNobody() {
        FeedPosition start = now();
        try (OutcomeFeed.Reader idle = feed().open(start, Wanted.EVERYTHING, () -> {})) {
            announce(0, 100);

            assertThat(users(rest(start, Wanted.EVERYTHING, 100))).containsExactlyInAnyOrderElementsOf(users(0, 100));

            List<Item> late = new ArrayList<>();
            await().atMost(LONG).until(() -> {
                idle.read(7, late::add);
                return late.size() == 101;
            });
        }
    }

    private Reason reason(FeedPosition after) {
        return take(after, Wanted.EVERYTHING, 1).getFirst() instanceof Item.Gap gap ? gap.reason() : Reason.RETENTION;
    }

    protected final void announce(int from, int to) {
        for (int i = from; i < to; i++) {
            announce(new IdentityProvisioned("user-" + i, "8:acs:x"));
        }
    }

    protected final FeedPosition now() {
        return take(null, Wanted.EVERYTHING, 1).getFirst().position();
    }

    protected final List<Item> take(@Nullable FeedPosition after, Wanted wanted, int count) {
        return FeedFlux.of(feed(), after, wanted)
                .take(count)
                .collectList()
                .blockOptional(LONG)
                .orElseThrow();
    }

    /** Without the word that it has begun. */
    protected final List<Item> rest(FeedPosition after, Wanted wanted, int count) {
        Flux<Item> items = FeedFlux.of(feed(), after, wanted).filter(item -> !(item instanceof Item.Started));
        return items.take(count).collectList().blockOptional(LONG).orElseThrow();
    }

    protected static List<String> users(List<Item> items) {
        return items.stream()
                .map(item -> switch (item) {
                    case Announced announced -> announced.outcome().event().userId();
                    case Item.Gap gap -> "gap";
                    case Item.Started started -> "started";
                })
                .toList();
    }

    private static List<String> users(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "user-" + i).toList();
    }

    private static boolean isAtLeast(@Nullable FeedPosition position, FeedPosition other) {
        return position != null
                && other.next().entrySet().stream()
                        .allMatch(part -> position.next().getOrDefault(part.getKey(), 0L) >= part.getValue());
    }
}
