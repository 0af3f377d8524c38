package io.tokenbroker.acs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/** What the governor does, in numbers: {@code tokenbroker.acs.*}. */
final class GovernorMeters {

    private static final String OPERATION = "operation";
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private static final Duration[] LATENCIES = LongStream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger limit = new AtomicInteger();
    private final Map<Priority, AtomicInteger> waiting = new EnumMap<>(Priority.class);
    private final Map<Operation, AtomicInteger> used = new EnumMap<>(Operation.class);
    private final Map<Operation, AtomicInteger> granted = new EnumMap<>(Operation.class);
    private final LongSupplier nanos;
    private volatile long setAt;

    GovernorMeters(MeterRegistry registry) {
        this(registry, System::nanoTime);
    }

    /** @param nanos a clock that never goes back */
    GovernorMeters(MeterRegistry registry, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
        this.setAt = nanos.getAsLong();
        Gauge.builder("tokenbroker.acs.in.flight", inFlight, AtomicInteger::get)
                .description("Calls to ACS under way")
                .register(registry);
        Gauge.builder("tokenbroker.acs.in.flight.limit", limit, AtomicInteger::get)
                .description("Calls that may be under way at present")
                .register(registry);
        for (Priority priority : Priority.values()) {
            AtomicInteger count = new AtomicInteger();
            waiting.put(priority, count);
            Gauge.builder("tokenbroker.acs.waiting", count, AtomicInteger::get)
                    .description("Calls that wait for their turn")
                    .tag("priority", priority.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (Operation operation : Operation.values()) {
            AtomicInteger count = new AtomicInteger();
            used.put(operation, count);
            Gauge.builder("tokenbroker.acs.quota.used", count, this::stillTaken)
                    .description("Slots of the quota taken within the last window")
                    .tag(OPERATION, operation.settingName())
                    .register(registry);
            AtomicInteger share = new AtomicInteger();
            granted.put(operation, share);
            Gauge.builder("tokenbroker.acs.quota.limit", share, AtomicInteger::get)
                    .description("Slots a window has of this instance's share of the quota")
                    .tag(OPERATION, operation.settingName())
                    .register(registry);
            throttled(operation);
        }
    }

    /** Nobody counts while there are no calls, and a window later none of the last ones is left. */
    private double stillTaken(AtomicInteger count) {
        boolean over = inFlight.get() == 0 && nanos.getAsLong() - setAt > WINDOW.toNanos();
        return over ? 0 : count.get();
    }

    void watch(Turns turns) {
        Gauge.builder("tokenbroker.acs.outage", turns, all -> isAway(all, true))
                .description("1 while ACS cannot be used at all")
                .register(registry);
        Gauge.builder("tokenbroker.acs.retiring.outage", turns, all -> isAway(all, false))
                .description("1 while a retiring resource cannot be used")
                .register(registry);
    }

    private static int isAway(Turns turns, boolean current) {
        return turns.destinations().stream().anyMatch(each -> each.resource().current() == current && each.isAway())
                ? 1
                : 0;
    }

    void ended(GovernedCall<?> call, long now, String outcome) {
        Timer.builder("tokenbroker.acs.calls")
                .description("Calls to ACS by how they ended")
                .tag(OPERATION, call.operation().settingName())
                .tag("outcome", outcome)
                .serviceLevelObjectives(LATENCIES)
                .register(registry)
                .record(now - call.calledAt(), TimeUnit.NANOSECONDS);
        if (outcome.equals("throttled")) {
            throttled(call.operation()).increment();
        }
    }

    void set(Turns turns, long now) {
        inFlight.set(turns.inFlight());
        limit.set(turns.limit());
        waiting.forEach((priority, count) -> count.set(turns.waiting(priority)));
        for (OperationLane lane : turns.lanes()) {
            AtomicInteger count = used.get(lane.operation());
            if (count != null) {
                count.set(lane.used(now));
            }
            AtomicInteger share = granted.get(lane.operation());
            if (share != null) {
                share.set(lane.limit());
            }
        }
        setAt = nanos.getAsLong();
    }

    private Counter throttled(Operation operation) {
        return Counter.builder("tokenbroker.acs.throttled")
                .description("429s that ACS answered")
                .tag(OPERATION, operation.settingName())
                .register(registry);
    }
}
