package io.tokenbroker.outcomes;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An outcome as it is told. Thousands may be told the same one: how it is written is worked out once for all of them.
 * Safe for use by many threads.
 */
public final class Announced implements OutcomeFeed.Item {

    private final Written<Outcome> outcome;
    private final FeedPosition position;
    private byte @Nullable [] frame;

    public Announced(Outcome outcome, FeedPosition position) {
        this(new Written<>(outcome), position);
    }

    private Announced(Written<Outcome> outcome, FeedPosition position) {
        this.outcome = outcome;
        this.position = position;
    }

    /** The same outcome for one who goes on elsewhere after it. */
    public Announced leadingTo(FeedPosition other) {
        return new Announced(outcome, other);
    }

    public Outcome outcome() {
        return outcome.value;
    }

    @Override
    public FeedPosition position() {
        return position;
    }

    /**
     * The outcome as bytes.
     *
     * @param how the same at every call; not run again for what is written already
     */
    public byte[] written(Function<Outcome, byte[]> how) {
        return outcome.bytes(how);
    }

    /**
     * The outcome with its position as bytes.
     *
     * @param how the same at every call
     */
    public byte[] framed(Function<Announced, byte[]> how) {
        byte[] known = frame;
        if (known == null) {
            known = how.apply(this);
            frame = known; // the same bytes whoever comes first
        }
        return known;
    }

    private static final class Written<T> {

        private final T value;
        private byte @Nullable [] bytes;

        Written(T value) {
            this.value = value;
        }

        byte[] bytes(Function<T, byte[]> how) {
            byte[] known = bytes;
            if (known == null) {
                known = how.apply(value);
                bytes = known;
            }
            return known;
        }
    }
}
