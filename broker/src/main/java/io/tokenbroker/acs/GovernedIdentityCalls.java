package io.tokenbroker.acs;

import io.tokenbroker.lifecycle.Step;
import io.tokenbroker.lifecycle.StepResult;
import io.tokenbroker.pipeline.IdentityCalls;
import java.time.Clock;
import java.util.Set;
import reactor.core.publisher.Mono;

/** The lanes' calls, each in its turn. */
final class GovernedIdentityCalls implements IdentityCalls {

    private final IdentityApi api;
    private final QuotaGovernor governor;
    private final Clock clock;

    GovernedIdentityCalls(IdentityApi api, QuotaGovernor governor, Clock clock) {
        this.api = api;
        this.governor = governor;
        this.clock = clock;
    }

    @Override
    public Mono<StepResult> call(Step step, Priority priority, String callId, Mono<Void> beforeCall) {
        return governor.call(Operation.of(step), priority, beforeCall, SdkClients.as(callId, remote(step)));
    }

    @Override
    public long answered() {
        return governor.answered();
    }

    private Mono<StepResult> remote(Step step) {
        return switch (step) {
            case Step.CreateIdentity create -> api.create().map(id -> new StepResult.IdentityCreated(id, null));
            case Step.CreateIdentityWithToken create ->
                api.createWithToken(create.scopes(), create.lifetimeMinutes())
                        .map(created -> withToken(created, create.scopes()));
            case Step.RevokeTokens revoke ->
                api.revoke(revoke.identityId())
                        .thenReturn(new StepResult.TokensRevoked(revoke.identityId(), revoke.epoch()));
            case Step.DeleteIdentity delete ->
                api.delete(delete.identityId()).thenReturn(new StepResult.IdentityDeleted(delete.identityId()));
        };
    }

    private StepResult withToken(IdentityApi.Created created, Set<String> scopes) {
        var token = created.token();
        var told = new StepResult.FirstToken(scopes, clock.instant(), token.expiresOn(), token.tokenId());
        return new StepResult.IdentityCreated(created.identityId(), told);
    }
}
