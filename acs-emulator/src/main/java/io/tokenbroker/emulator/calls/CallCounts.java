package io.tokenbroker.emulator.calls;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How many calls of each operation came, how they ended, and how many were in flight at the worst. */
public final class CallCounts {
    private final Map<Operation, Counts> counts = new EnumMap<>(Operation.class);

    /** All at zero. */
    public CallCounts() {
        for (Operation operation : Operation.values()) {
            counts.put(operation, new Counts());
        }
    }

    /** Counts a call that has come. */
    public Call begin(Operation operation) {
        Counts of = Objects.requireNonNull(counts.get(operation));
        of.calls.increment();
        of.highestConcurrency.accumulateAndGet(of.inFlight.incrementAndGet(), Math::max);
        return new Call(of);
    }

    /** The counts as JSON, by operation. */
    public String json() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        counts.forEach((operation, of) -> {
            ObjectNode node = root.putObject(operation.label());
            node.put("calls", of.calls.sum());
            node.put("successes", of.successes.sum());
            node.put("throttled", of.throttled.sum());
            node.put("otherErrors", of.otherErrors.sum());
            node.put("unanswered", of.unanswered.sum());
            node.put("highestConcurrency", of.highestConcurrency.get());
        });
        return root.toString();
    }

    /** A call in flight. */
    public static final class Call {
        private final Counts counts;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Call(Counts counts) {
            this.counts = counts;
        }

        /** Counts how it ended. */
        public void answered(int status) {
            end(status < 400 ? counts.successes : status == 429 ? counts.throttled : counts.otherErrors);
        }

        /** The connection was cut, or the caller went. Does nothing to a call that has been answered. */
        public void unanswered() {
            end(counts.unanswered);
        }

        private void end(LongAdder as) {
            if (ended.compareAndSet(false, true)) {
                as.increment();
                counts.inFlight.decrementAndGet();
            }
        }
    }

    private static final class Counts {
        private final LongAdder calls = new LongAdder();
        private final LongAdder successes = new LongAdder();
        private final LongAdder throttled = new LongAdder();
        private final LongAdder otherErrors = new LongAdder();
        private final LongAdder unanswered = new LongAdder();
        private final AtomicInteger inFlight = new AtomicInteger();
        private final AtomicInteger highestConcurrency = new AtomicInteger();
    }
}
