package io.tokenbroker.emulator.calls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What is to go wrong. Each fault strikes a call by chance, at its own rate. */
public final class Faults {
    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(null, null, List.of(), List.of(), List.of(), null, new Random(), "{}");

    private final @Nullable Latency latency;
    private final @Nullable Quota quota;
    private final List<Failure> errors;
    private final List<Chance> dropResponses;
    private final List<Chance> hang;
    private final @Nullable Duration tokenLifetime;
    private final Random random;
    private final String json;

    Faults(
            @Nullable Latency latency,
            @Nullable Quota quota,
            List<Failure> errors,
            List<Chance> dropResponses,
            List<Chance> hang,
            @Nullable Duration tokenLifetime,
            Random random,
            String json) {
        this.latency = latency;
        this.quota = quota;
        this.errors = List.copyOf(errors);
        this.dropResponses = List.copyOf(dropResponses);
        this.hang = List.copyOf(hang);
        this.tokenLifetime = tokenLifetime;
        this.random = random;
        this.json = json;
    }

    /** How likely a fault strikes a call of an operation, or of any where there is none. */
    record Chance(@Nullable Operation operation, double rate) {
        boolean strikes(Operation called, Random random) {
            return (operation == null || operation == called) && random.nextDouble() < rate;
        }
    }

    /** An error to answer instead of doing the work. */
    public record Failure(
            Chance chance, int status, @Nullable Integer retryAfterSeconds) {}

    /** Milliseconds that a call takes. */
    sealed interface Latency {
        double sample(Random random);

        record Fixed(double millis) implements Latency {
            @Override
            public double sample(Random random) {
                return millis;
            }
        }

        /** Lognormal through two quantiles. */
        record Quantiles(double p50, double p99) implements Latency {
            private static final double NORMAL_P99 = 2.3263478740408408;

            @Override
            public double sample(Random random) {
                return p50 * Math.pow(p99 / p50, random.nextGaussian() / NORMAL_P99);
            }
        }
    }

    /** How long the next call takes. */
    public Duration latency() {
        return latency == null ? Duration.ZERO : Duration.ofNanos((long) (latency.sample(random) * 1e6));
    }

    /** The quota to use instead of the one the emulator was started with. */
    public Optional<Quota> quota() {
        return Optional.ofNullable(quota);
    }

    /** The lifetime to give every token, whatever the caller asks for. */
    public Optional<Duration> tokenLifetime() {
        return Optional.ofNullable(tokenLifetime);
    }

    /** The error to answer the next call of an operation, if one strikes. */
    public Optional<Failure> failure(Operation operation) {
        return errors.stream()
                .filter(error -> error.chance().strikes(operation, random))
                .findFirst();
    }

    /** Whether to do the next call of an operation and cut its connection. */
    public boolean dropsResponse(Operation operation) {
        return strikes(dropResponses, operation);
    }

    /** Whether never to answer the next call of an operation. */
    public boolean hangs(Operation operation) {
        return strikes(hang, operation);
    }

    /** As they were asked for. */
    public String json() {
        return json;
    }

    private boolean strikes(List<Chance> chances, Operation operation) {
        for (Chance chance : chances) {
            if (chance.strikes(operation, random)) {
                return true;
            }
        }
        return false;
    }
}
