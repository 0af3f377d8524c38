package io.tokenbroker.pipeline;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids no other instance or life of this one hands out, without asking the system for randomness each time. */
final class OutcomeIds {

    private final String life = UUID.randomUUID().toString();
    private final AtomicLong count = new AtomicLong();

    String next() {
        return life + "-" + count.incrementAndGet();
    }
}
