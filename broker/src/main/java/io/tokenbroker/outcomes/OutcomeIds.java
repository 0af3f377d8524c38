package io.tokenbroker.outcomes;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids no other instance or life of this one hands out, without asking the system for randomness each time. */
public final class OutcomeIds {

    private final String life = UUID.randomUUID().toString();
    private final AtomicLong count = new AtomicLong();

    /** Unique among all ids, and cheap enough for an event loop. */
    public String next() {
        return life + "-" + count.incrementAndGet();
    }
}
