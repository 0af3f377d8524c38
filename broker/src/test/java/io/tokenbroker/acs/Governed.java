package io.tokenbroker.acs;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenbroker.acs.Failure.Kind;
import io.tokenbroker.acs.Failure.Reach;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The governor as the broker has it, in virtual time and without a quota, over an ACS of the test's own. */
public final class Governed implements IdentityCalls {

    private static final ResourceName ONLY = new ResourceName("only.communication.azure.com", true);
    private static final int NO_QUOTA = 1_000_000;

    private final QuotaGovernor governor;
    private final Function<Step, Mono<StepResult>> remote;

    /** @param remote errors with {@link AcsFault}s; one of code {@code Timeout} stands for no answer */
    public Governed(VirtualTimeScheduler time, int maxInFlight, Function<Step, Mono<StepResult>> remote) {
        Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            limits.put(operation, NO_QUOTA);
        }
        this.remote = remote;
        this.governor = new QuotaGovernor(
                limits,
                maxInFlight,
                time,
                () -> time.now(TimeUnit.NANOSECONDS),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                () -> 0.5,
                new GovernorMeters(new SimpleMeterRegistry()));
    }

    @Override
    public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
        Mono<StepResult> call =
                Mono.defer(() -> remote.apply(step)).onErrorMap(AcsFault.class, Governed::asTheEdgeClassifiesIt);
        return governor.call(ONLY, Operation.of(step), priority, beforeCall, call);
    }

    private static Failure asTheEdgeClassifiesIt(AcsFault fault) {
        Kind kind = switch (fault.kind()) {
            case RETRIABLE -> Kind.RETRIABLE;
            case THROTTLED -> Kind.THROTTLED;
            case REFUSED -> Kind.REFUSED;
            case MISCONFIGURED -> Kind.MISCONFIGURED;
        };
        Reach reach = fault.code().equals("Timeout") ? Reach.SENT : Reach.ANSWERED;
        return new Failure(
                kind, reach, fault.code(), fault.code(), fault.retryAfter().orElse(null), fault);
    }

    @Override
    public long answered(Step step) {
        return governor.answered(ONLY);
    }
}
