package io.tokenbroker.outcomes;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Committed outcomes, in the order of their partitions, from any position on. */
public interface OutcomeFeed {

    /** What a subscriber is sent. */
    sealed interface Item {

        /** Where to go on after this item. */
        FeedPosition position();

        /** Nothing yet: the feed begins here. Known before anything happens, so that no later gap can go unnoticed. */
        record Started(FeedPosition position) implements Item {}

        record Announced(FeedPosition position, Outcome outcome) implements Item {}

        /** Something may be missing before what follows. */
        record Gap(FeedPosition position, Reason reason) implements Item {}
    }

    /** Why a feed cannot go on exactly where it stopped. */
    enum Reason {
        /** What came next is older than the topic's retention. */
        RETENTION,
        /** The topic was recreated. */
        TOPIC,
        /** The position is not one of this topic. */
        POSITION
    }

    /**
     * Never completes by itself; errors when Kafka cannot be read.
     *
     * @param after go on after this position; {@code null} begins with what comes from now on
     */
    Flux<Item> after(@Nullable FeedPosition after);
}
