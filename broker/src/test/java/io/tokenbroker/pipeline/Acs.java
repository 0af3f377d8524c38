package io.tokenbroker.pipeline;

import io.tokenbroker.directory.AcsIdentityId;
import io.tokenbroker.lifecycle.AcsFault;
import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** ACS in memory: a ledger of identities that outlives the clients, with faults as the test asks for them. */
final class Acs {

    /** What becomes of one call. */
    enum Behaviour {
        ANSWER,
        /** Never accepted; nothing is done. */
        REFUSE,
        /** 503; nothing is done. */
        FAIL,
        /** The work is done, the answer is lost. */
        DROP,
        /** Nothing ever comes back. */
        HANG,
        /** 429: has to take another turn. */
        THROTTLE
    }

    private static final String RESOURCE = "8:acs:00000000-0000-0000-0000-000000000001_";

    final Set<AcsIdentityId> live = new LinkedHashSet<>();
    final List<Step> reached = new ArrayList<>();
    Function<Step, Behaviour> behaviour = step -> Behaviour.ANSWER;
    Supplier<Duration> latency = () -> Duration.ZERO;

    private final Scheduler time;
    private Sinks.Empty<Void> gate = Sinks.empty();
    private long answered;
    private int made;

    Acs(Scheduler time) {
        this.time = time;
        gate.tryEmitEmpty();
    }

    /** From now on calls wait for their turn. */
    void closeGate() {
        gate = Sinks.empty();
    }

    void openGate() {
        gate.tryEmitEmpty();
    }

    /** ACS answered somebody else. */
    void answersSomebodyElse() {
        answered++;
    }

    Set<AcsIdentityId> live() {
        return Set.copyOf(live);
    }

    <T extends Step> List<T> reached(Class<T> kind) {
        return reached.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** One instance's connection; an instance that died hears nothing any more, but what it sent arrives. */
    final class Client implements IdentityCalls {

        private boolean dead;

        void die() {
            dead = true;
        }

        @Override
        public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
            return Mono.defer(() -> dead ? Mono.never() : gate.asMono())
                    .then(beforeCall)
                    .then(Mono.defer(() -> send(step, priority, callId, beforeCall)))
                    .filter(result -> !dead)
                    .switchIfEmpty(Mono.never());
        }

        private Mono<StepResult> send(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
            if (dead) {
                return Mono.never();
            }
            Behaviour outcome = behaviour.apply(step);
            Duration half = latency.get().dividedBy(2);
            return switch (outcome) {
                case ANSWER ->
                    after(half)
                            .then(Mono.fromCallable(() -> work(step)))
                            .flatMap(result -> after(half).then(Mono.fromCallable(() -> {
                                answered++;
                                return result;
                            })));
                case REFUSE -> after(half).then(fault(AcsFault.Kind.REFUSED, "BadRequest"));
                case FAIL -> after(half).then(fault(AcsFault.Kind.RETRIABLE, "ServiceUnavailable"));
                case DROP ->
                    after(half)
                            .then(Mono.fromCallable(() -> work(step)))
                            .then(fault(AcsFault.Kind.RETRIABLE, "Timeout"));
                case HANG -> Mono.never();
                case THROTTLE -> call(step, priority, callId, beforeCall);
            };
        }

        @Override
        public long answered(Step step) {
            return answered;
        }
    }

    private Mono<Void> after(Duration wait) {
        return wait.isZero() ? Mono.empty() : Mono.delay(wait, time).then();
    }

    private static Mono<StepResult> fault(AcsFault.Kind kind, String code) {
        return Mono.error(() -> new AcsFault(kind, code, code, null, null));
    }

    private StepResult work(Step step) {
        reached.add(step);
        return switch (step) {
            case Step.CreateIdentity create -> new StepResult.IdentityCreated(make(), null);
            case Step.CreateIdentityWithToken create ->
                new StepResult.IdentityCreated(make(), token(create.scopes(), create.lifetimeMinutes()));
            case Step.RevokeTokens revoke -> new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
            case Step.DeleteIdentity delete -> {
                live.remove(delete.identityId());
                yield new StepResult.IdentityDeleted(delete.identityId());
            }
        };
    }

    private AcsIdentityId make() {
        AcsIdentityId identityId = identity(++made);
        live.add(identityId);
        return identityId;
    }

    static AcsIdentityId identity(int number) {
        return new AcsIdentityId(RESOURCE + "00000000-0000-0000-0000-%012d".formatted(number));
    }

    private StepResult.@Nullable FirstToken token(Set<String> scopes, int minutes) {
        Instant now = Instant.EPOCH;
        return new StepResult.FirstToken(scopes, now, now.plus(Duration.ofMinutes(minutes)), "sha" + made);
    }
}
