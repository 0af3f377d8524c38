package io.tokenbroker.kafka;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** What ACS does, as far as the pipeline sees it. */
final class IdentitiesInMemory implements IdentityCalls {

    private static final String RESOURCE = UUID.randomUUID().toString();

    private final Set<AcsIdentityId> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private volatile Duration latency = Duration.ZERO;
    private volatile boolean refusing;

    void setLatency(Duration perCall) {
        latency = perCall;
    }

    /** Whether it answers each call that it will not. */
    void setRefusing(boolean whether) {
        refusing = whether;
    }

    long created() {
        return created.get();
    }

    Set<AcsIdentityId> live() {
        return Set.copyOf(live);
    }

    @Override
    public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
        return beforeCall.then(Mono.defer(() -> {
            if (refusing) {
                answered.incrementAndGet();
                return Mono.error(new AcsFault(AcsFault.Kind.REFUSED, "Forbidden", "not for this test", null, null));
            }
            StepResult result = work(step);
            return latency.isZero() ? Mono.just(result) : Mono.delay(latency).thenReturn(result);
        }));
    }

    private StepResult work(Step step) {
        answered.incrementAndGet();
        return switch (step) {
            case Step.CreateIdentity create -> new StepResult.IdentityCreated(create(), null);
            case Step.CreateIdentityWithToken create -> new StepResult.IdentityCreated(create(), null);
            case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
            case Step.DeleteIdentity delete -> {
                live.remove(delete.identityId());
                yield new StepResult.IdentityDeleted(delete.identityId());
            }
        };
    }

    private AcsIdentityId create() {
        AcsIdentityId identity = new AcsIdentityId("8:acs:" + RESOURCE + "_" + new UUID(7, created.incrementAndGet()));
        live.add(identity);
        return identity;
    }

    @Override
    public long answered(Step step) {
        return answered.get();
    }
}
