package io.tokenbroker.replay;

import io.tokenbroker.lifecycle.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many calls to ACS, by operation. */
public record Calls(Map<Kind, Long> counts) {

    /** The operations that events cause. */
    public enum Kind {
        CREATE,
        CREATE_USER_AND_TOKEN,
        REVOKE,
        DELETE;

        /** The name in JSON and in the settings of the quota. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(Step step) {
            return switch (step) {
                case Step.CreateIdentity create -> CREATE;
                case Step.CreateIdentityWithToken create -> CREATE_USER_AND_TOKEN;
                case Step.RevokeTokens revoke -> REVOKE;
                case Step.DeleteIdentity delete -> DELETE;
            };
        }
    }

    /** What Azure grants. */
    public interface Quota {

        /** Calls per 30 s. */
        int of(Kind kind);
    }

    static final Calls NONE = new Calls(Map.of());

    private static final double WINDOW_SECONDS = 30;

    public Calls {
        counts = Map.copyOf(counts);
    }

    /** None where there are none. */
    public long of(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Calls plus(Calls other) {
        Map<Kind, Long> sum = new EnumMap<>(Kind.class);
        sum.putAll(counts);
        other.counts.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        return new Calls(sum);
    }

    Calls minus(Calls other) {
        Map<Kind, Long> difference = new EnumMap<>(Kind.class);
        difference.putAll(counts);
        other.counts.forEach((kind, count) -> difference.merge(kind, -count, Long::sum));
        return new Calls(difference);
    }

    static Calls one(Kind kind) {
        return new Calls(Map.of(kind, 1L));
    }

    /** How long the quota makes them take, were there nothing else: each operation has a quota of its own. */
    Duration time(Quota quota) {
        double seconds = Arrays.stream(Kind.values())
                .mapToDouble(kind -> of(kind) * WINDOW_SECONDS / quota.of(kind))
                .max()
                .orElse(0);
        return Duration.ofSeconds((long) Math.ceil(seconds));
    }
}
