package io.tokenbroker.acs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.acs.Failure.Kind;
import io.tokenbroker.acs.Failure.Reach;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.pipeline.IdentityCalls.Priority;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A governor in virtual time, over an ACS that does as the test says. */
final class GovernorFixture {

    static final ResourceName CURRENT = new ResourceName("new.communication.azure.com", true);
    static final ResourceName RETIRING = new ResourceName("old.communication.azure.com", false);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
    int maxInFlight = 100;
    private @Nullable QuotaGovernor built;

    GovernorFixture() {
        for (Operation operation : Operation.values()) {
            limits.put(operation, 1000);
        }
    }

    static GovernorFixture aGovernor() {
        return new GovernorFixture();
    }

    GovernorFixture withQuota(Operation operation, int limit) {
        limits.put(operation, limit);
        return this;
    }

    GovernorFixture withMaxInFlight(int max) {
        maxInFlight = max;
        return this;
    }

    Scheduler time() {
        return time;
    }

    QuotaGovernor governor() {
        if (built == null) {
            built = new QuotaGovernor(
                    limits,
                    maxInFlight,
                    time,
                    () -> time.now(TimeUnit.NANOSECONDS),
                    Clock.fixed(Instant.parse("2026-11-20T00:00:00Z"), ZoneOffset.UTC),
                    () -> 0.5,
                    new GovernorMeters(registry, () -> time.now(TimeUnit.NANOSECONDS)));
        }
        return built;
    }

    /** What became of one call. */
    static final class Told {
        @Nullable String value;

        @Nullable Throwable error;

        @Nullable Disposable subscription;

        boolean isOpen() {
            return value == null && error == null;
        }

        AcsFault fault() {
            return (AcsFault) Objects.requireNonNull(error);
        }

        void cancel() {
            if (subscription != null) {
                subscription.dispose();
            }
        }
    }

    Told call(Operation operation, Priority priority, Mono<String> remote) {
        return call(operation, priority, Mono.empty(), remote);
    }

    Told call(ResourceName resource, Operation operation, Priority priority, Mono<String> remote) {
        return call(resource, operation, priority, Mono.empty(), remote);
    }

    Told call(Operation operation, Priority priority, Mono<Void> before, Mono<String> remote) {
        return call(CURRENT, operation, priority, before, remote);
    }

    Told call(ResourceName resource, Operation operation, Priority priority, Mono<Void> before, Mono<String> remote) {
        Told told = new Told();
        told.subscription = governor()
                .call(resource, operation, priority, before, remote)
                .subscribe(value -> told.value = value, error -> told.error = error);
        return told;
    }

    List<Told> calls(int count, Operation operation, Priority priority, Mono<String> remote) {
        return calls(count, CURRENT, operation, priority, remote);
    }

    List<Told> calls(int count, ResourceName resource, Operation operation, Priority priority, Mono<String> remote) {
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(call(resource, operation, priority, remote));
        }
        return all;
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    /** Lets everything happen that needs no time. */
    void settle() {
        time.advanceTime();
    }

    double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    static Failure throttled(@Nullable Duration retryAfter) {
        return new Failure(Kind.THROTTLED, Reach.ANSWERED, "TooManyRequests", "429", retryAfter, null);
    }

    static Failure denied() {
        return new Failure(Kind.MISCONFIGURED, Reach.ANSWERED, "Denied", "create: answered 401 Denied", null, null);
    }

    static Failure refused() {
        return new Failure(Kind.REFUSED, Reach.ANSWERED, "BadRequest", "400", null, null);
    }

    static Failure serverError() {
        return new Failure(Kind.RETRIABLE, Reach.ANSWERED, "Http500", "500", null, null);
    }

    static Failure timeout() {
        return new Failure(Kind.RETRIABLE, Reach.SENT, "TimeoutException", "no answer", null, null);
    }

    static Failure unconnected() {
        return new Failure(Kind.RETRIABLE, Reach.NOT_SENT, "ConnectException", "no answer", null, null);
    }
}
