package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls;
import io.tokenbroker.tokens.FirstTokens;
import io.tokenbroker.traces.Traces;
import java.time.Clock;
import reactor.core.publisher.Mono;

/** The lanes' calls, each in its turn. */
final class GovernedIdentityCalls implements IdentityCalls {

    private final IdentityApi api;
    private final QuotaGovernor governor;
    private final FirstTokens firstTokens;
    private final Clock clock;
    private final Traces traces;

    GovernedIdentityCalls(
            IdentityApi api, QuotaGovernor governor, FirstTokens firstTokens, Clock clock, Traces traces) {
        this.api = api;
        this.governor = governor;
        this.firstTokens = firstTokens;
        this.clock = clock;
        this.traces = traces;
    }

    @Override
    public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
        Operation operation = Operation.of(step);
        return asked(step).through(attempt -> {
            Mono<StepResult> remote = TracedCall.of(traces, operation, callId, attempt.remote());
            Mono<StepResult> known = SdkClients.as(callId, remote);
            return governor.call(attempt.resource(), operation, priority, beforeCall, known);
        });
    }

    @Override
    public long answered(Step step) {
        return asked(step).resources().stream().mapToLong(governor::answered).sum();
    }

    private Routed<StepResult> asked(Step step) {
        return switch (step) {
            case Step.CreateIdentity create ->
                api.create().with(call -> call.map(id -> new StepResult.IdentityCreated(id, null)));
            case Step.CreateIdentityWithToken create ->
                api.createWithToken(create.scopes(), create.lifetimeMinutes())
                        .with(call -> call.map(created -> withToken(created, create)));
            case Step.RevokeTokens revoke -> {
                var done = new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch());
                yield api.revoke(revoke.identityId()).with(call -> call.thenReturn(done));
            }
            case Step.DeleteIdentity delete -> {
                var done = new StepResult.IdentityDeleted(delete.identityId());
                yield api.delete(delete.identityId()).with(call -> call.thenReturn(done));
            }
        };
    }

    /** The lane is told about the token; the token itself waits for the lane's entry, where no lane sees it. */
    private StepResult withToken(IdentityApi.Created created, Step.CreateIdentityWithToken asked) {
        var token = created.token();
        firstTokens.came(created.identityId(), asked.scopes(), asked.lifetimeMinutes(), asked.epoch(), token);
        var told = new StepResult.FirstToken(asked.scopes(), clock.instant(), token.expiresOn(), token.tokenId());
        return new StepResult.IdentityCreated(created.identityId(), told);
    }
}
