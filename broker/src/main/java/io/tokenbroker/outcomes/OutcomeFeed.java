package io.tokenbroker.outcomes;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Committed outcomes, in the order of their partitions, from any position on, for many readers at a time. */
public interface OutcomeFeed {

    /** What a reader is told. */
    sealed interface Item permits Item.Started, Item.Gap, Announced {

        /** Where to go on after this item. */
        FeedPosition position();

        /** Nothing yet: the feed begins here. Known before anything happens, so that no later gap can go unnoticed. */
        record Started(FeedPosition position) implements Item {}

        /** Something may be missing before what follows. */
        record Gap(FeedPosition position, Reason reason) implements Item {}
    }

    /** Why a feed cannot go on exactly where it stopped. */
    enum Reason {
        /** What came next is older than the topic's retention. */
        RETENTION,
        /** The topic was recreated. */
        TOPIC,
        /** The position is not one of this topic, or says nothing of a partition that is wanted now. */
        POSITION
    }

    /**
     * A place in the feed that moves at its reader's pace. Nothing is kept for it, so that a slow one costs no memory
     * and delays nobody. To be used by one thread at a time; never blocks.
     */
    interface Reader extends AutoCloseable {

        /**
         * Hands over the next items, no more than {@code most} of them.
         *
         * @return how many; fewer than {@code most} where there is none now
         */
        int read(int most, Consumer<? super Item> to);

        /**
         * Where to go on after all that was handed over and what is not wanted after it; {@code null} until it has
         * begun.
         */
        @Nullable FeedPosition position();

        @Override
        void close();
    }

    /**
     * Never ends by itself: while Kafka cannot be read there is nothing to hand over.
     *
     * @param after go on after this position; {@code null} begins with what comes from now on
     * @param more run when there may be more after a read that found less than it asked for: at any time, also for
     *     nothing, and on a thread that must not be blocked
     */
    Reader open(@Nullable FeedPosition after, Wanted wanted, Runnable more);
}
